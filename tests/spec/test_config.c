#include "support/specification.h"

#include <string.h>
#include "cmtest/config.h"
#include "cmtest/random.h"

struct read {
    struct arena *arena;
    struct diag *diag;
    struct config config;
};

static struct read parse(const char *text)
{
    struct read read = {.arena = arena_new(), .diag = diag_new()};
    read.config = config_parse("c.yaml", text, strlen(text), read.arena, read.diag);
    return read;
}

static void done(struct read *read)
{
    arena_free(read->arena);
    diag_free(read->diag);
}

static void entries_have_their_section_values_and_places(void **state)
{
    (void)state;
    struct read read = parse("out: here\nrun:\n  tag: [a, \"b c\"]\n");
    assert_int_equal(diag_count(read.diag), 0);
    assert_int_equal(read.config.count, 2);
    const struct config_entry *out = &read.config.entries[0], *tag = &read.config.entries[1];
    assert_null(out->section);
    assert_string_equal(out->key, "out");
    assert_string_equal(out->items[0], "here");
    assert_false(out->list);
    assert_string_equal(tag->section, "run");
    assert_true(tag->list);
    assert_int_equal(tag->count, 2);
    assert_string_equal(tag->items[1], "b c");
    assert_int_equal(tag->places[1].line, 3);
    assert_int_equal(tag->places[1].column, 12);
    done(&read);
}

static void a_text_without_a_setting_has_no_entry(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "# only this\n", "# this\n  # and this"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct read read = parse(texts[i]);
        assert_int_equal(read.config.count, 0);
        assert_int_equal(diag_count(read.diag), 0);
        done(&read);
    }
}

static void what_is_no_setting_is_an_error(void **state)
{
    (void)state;
    static const char *const texts[] = {"- a\n",
                                        "just words\n",
                                        "run: {a: {b: c}}\n",
                                        "a: [[b]]\n",
                                        "a: 1\na: 2\n",
                                        "a: [b\n",
                                        "? [a]\n: b\n",
                                        "\x01",
                                        "a: 1\n---\nb: 2\n",
                                        "a: *b\n",
                                        "run: {a: 1, a: 2}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct read read = parse(texts[i]);
        if (!diag_errors(read.diag))
            fail_msg("\"%s\" was taken", texts[i]);
        done(&read);
    }
}

static void no_bytes_make_it_crash(void **state)
{
    (void)state;
    static const char pieces[] = "a: [b]{}c,&*x\n\t -\"'#|>!%?\xc3\xa9\x80";
    struct random random;
    random_init(&random, 3);
    for (int round = 0; round < 3000; round++) {
        char text[40];
        size_t length = (size_t)random_below(&random, sizeof text);
        for (size_t i = 0; i < length; i++)
            text[i] = pieces[random_below(&random, sizeof pieces - 1)];
        text[length < sizeof text ? length : length - 1] = '\0';
        struct read read = parse(text);
        done(&read);
    }
}

SPECIFICATION(cmocka_unit_test(entries_have_their_section_values_and_places),
              cmocka_unit_test(a_text_without_a_setting_has_no_entry),
              cmocka_unit_test(what_is_no_setting_is_an_error),
              cmocka_unit_test(no_bytes_make_it_crash))
