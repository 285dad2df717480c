#include "support/specification.h"
#include "cmtest/diag.h"

#include <string.h>

static struct place at(int line, int column, int width)
{
    return (struct place){.file = "a.yaml", .line = line, .column = column, .width = width};
}

static void assert_prints(struct diag *diag, const char *expected)
{
    struct text out = {0};
    diag_print(diag, &out, false);
    assert_string_equal(text_get(&out), expected);
    text_fini(&out);
}

static void shows_the_line_and_underlines_the_place(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    const char *source = "groups:\n    audio: { codecs: [opsu, pcma] }\n";
    diag_source(diag, "a.yaml", source, strlen(source));
    diag_add(diag, DIAG_ERROR, "unknown-codec", at(2, 23, 4), "did you mean \"opus\"?",
             "\"%s\" is not an audio codec", "opsu");
    assert_prints(diag, "a.yaml:2:23: error[unknown-codec]: \"opsu\" is not an audio codec\n"
                        "    2 |     audio: { codecs: [opsu, pcma] }\n"
                        "      |                       ^~~~ did you mean \"opus\"?\n");
    diag_free(diag);
}

static void sorts_by_place_and_keeps_the_order_of_equals(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    diag_add(diag, DIAG_ERROR, "c", at(9, 1, 1), NULL, "third");
    diag_add(diag, DIAG_WARNING, "a", at(2, 4, 1), NULL, "first");
    diag_add(diag, DIAG_ERROR, "b", at(2, 4, 1), NULL, "second");
    assert_string_equal(diag_get(diag, 0)->message, "first");
    assert_string_equal(diag_get(diag, 1)->message, "second");
    assert_string_equal(diag_get(diag, 2)->message, "third");
    assert_int_equal(diag_errors(diag), 2);
    diag_free(diag);
}

static void keeps_fifty_and_counts_the_rest(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    for (int i = 0; i < 60; i++)
        diag_add(diag, DIAG_ERROR, "x", at(i + 1, 1, 1), NULL, "error %d", i);
    struct text out = {0};
    diag_print(diag, &out, false);
    assert_int_equal(diag_count(diag), DIAG_LIMIT);
    assert_int_equal(diag_errors(diag), 60);
    assert_non_null(strstr(text_get(&out), "and 10 more\n"));
    text_fini(&out);
    diag_free(diag);
}

static void control_characters_cannot_drive_the_terminal(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    const char *source = "a:\t\033[31m\xc2\x9bred";
    diag_source(diag, "a.yaml", source, strlen(source));
    diag_add(diag, DIAG_ERROR, "x", at(1, 4, 1), NULL, "bad \033]0;title\007 name");
    assert_prints(diag, "a.yaml:1:4: error[x]: bad ?]0;title? name\n"
                        "    1 | a: ?[31m?red\n"
                        "      |    ^\n");
    diag_free(diag);
}

static void a_place_without_a_line_names_the_file(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    diag_add(diag, DIAG_ERROR, "empty", at(0, 0, 0), "write something", "nothing in it");
    assert_prints(diag, "a.yaml: error[empty]: nothing in it\n"
                        "      = write something\n");
    diag_free(diag);
}

static void a_related_place_is_shown_below(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    const char *source = "a: 1\nb: 2\na: 3\n", *other = "a: 0\n";
    diag_source(diag, "a.yaml", source, strlen(source));
    diag_source(diag, "b.yaml", other, strlen(other));
    diag_add(diag, DIAG_ERROR, "twice", at(3, 1, 1), "remove one", "a is given twice");
    diag_related(diag, at(1, 1, 4), "first given %s", "here");
    diag_related(diag, (struct place){"b.yaml", 1, 1, 1}, "and here");
    diag_related(diag, (struct place){"c.yaml", 9, 2, 1}, "and there");
    assert_prints(diag, "a.yaml:3:1: error[twice]: a is given twice\n"
                        "    3 | a: 3\n"
                        "      | ^ remove one\n"
                        "    1 | a: 1\n"
                        "      | ---- first given here\n"
                        "      = b.yaml:1:1: and here\n"
                        "    1 | a: 0\n"
                        "      | -\n"
                        "      = c.yaml:9:2: and there\n");
    diag_free(diag);
}

static void at_most_four_related_places_are_kept(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    diag_related(diag, at(1, 1, 1), "of nothing");
    diag_add(diag, DIAG_ERROR, "x", at(1, 1, 1), NULL, "x");
    for (int i = 0; i < 9; i++)
        diag_related(diag, at(1, 1, 1), "related %d", i);
    assert_int_equal(diag_get(diag, 0)->related_count, DIAG_RELATED_MAX);
    diag_free(diag);
}

static void strict_makes_errors_of_warnings(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    diag_add(diag, DIAG_WARNING, "x", at(1, 1, 1), NULL, "x");
    diag_add(diag, DIAG_ERROR, "y", at(2, 1, 1), NULL, "y");
    assert_int_equal(diag_warnings(diag), 1);
    diag_promote(diag);
    assert_int_equal(diag_errors(diag), 2);
    assert_int_equal(diag_warnings(diag), 0);
    assert_int_equal(diag_get(diag, 0)->severity, DIAG_ERROR);
    diag_free(diag);
}

SPECIFICATION(cmocka_unit_test(shows_the_line_and_underlines_the_place),
              cmocka_unit_test(sorts_by_place_and_keeps_the_order_of_equals),
              cmocka_unit_test(keeps_fifty_and_counts_the_rest),
              cmocka_unit_test(control_characters_cannot_drive_the_terminal),
              cmocka_unit_test(a_place_without_a_line_names_the_file),
              cmocka_unit_test(a_related_place_is_shown_below),
              cmocka_unit_test(at_most_four_related_places_are_kept),
              cmocka_unit_test(strict_makes_errors_of_warnings))
