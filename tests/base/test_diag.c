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

SPECIFICATION(cmocka_unit_test(shows_the_line_and_underlines_the_place),
              cmocka_unit_test(sorts_by_place_and_keeps_the_order_of_equals),
              cmocka_unit_test(keeps_fifty_and_counts_the_rest),
              cmocka_unit_test(control_characters_cannot_drive_the_terminal),
              cmocka_unit_test(a_place_without_a_line_names_the_file))
