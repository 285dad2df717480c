#include "support/specification.h"

#include "cmtest/comparison_page.h"

#include <math.h>
#define GOLDEN_FOLDER "golden-compare"
#include "golden.h"

static struct metric_key key(const char *name)
{
    struct metric_key found;
    assert_true(metric_key_find(name, strlen(name), &found));
    return found;
}

struct told {
    struct comparison_line lines[5];
    const char *base[2], *next[2];
    struct comparison_report report;
};

/* What a person made up: one of each word, and names that would break out of their place. */
static void tell(struct told *told)
{
    *told = (struct told){.lines = {{.key = key("receive.packet_loss"),
                                     .word = COMPARISON_WORSE,
                                     .test = TEST_RANKS,
                                     .next = 1.02,
                                     .base_units = 20,
                                     .next_units = 20,
                                     .low = 0.81,
                                     .high = 1.2,
                                     .margin = 0.1,
                                     .p = 1e-8,
                                     .corrected = 6e-7,
                                     .effect = 0.98},
                                    {.key = key("registration.time"),
                                     .word = COMPARISON_BETTER,
                                     .test = TEST_RANKS,
                                     .base = 41.5,
                                     .next = 30.25,
                                     .base_units = 40,
                                     .next_units = 40,
                                     .low = -14,
                                     .high = -8.5,
                                     .margin = 5,
                                     .p = 0.0001,
                                     .corrected = 0.004,
                                     .effect = 0.1},
                                    {.key = key("send.bit_rate"),
                                     .group = "a|b<i>",
                                     .word = COMPARISON_CHANGED,
                                     .test = TEST_RANKS,
                                     .base = 64000,
                                     .next = 32000,
                                     .base_units = 20,
                                     .next_units = 20,
                                     .low = -32000,
                                     .high = -32000,
                                     .margin = 1280,
                                     .p = 1e-9,
                                     .corrected = 1e-8},
                                    {.key = key("receive.jitter"),
                                     .word = COMPARISON_CANNOT_TELL,
                                     .base = 0.4,
                                     .base_units = 20,
                                     .next = (double)NAN,
                                     .low = (double)NAN,
                                     .high = (double)NAN,
                                     .margin = 0.5,
                                     .p = 1,
                                     .corrected = (double)NAN,
                                     .effect = 0.5,
                                     .own_timing = true,
                                     .note = "there is no sample in NEW"},
                                    {.key = key("calls.success_rate"),
                                     .word = COMPARISON_SAME,
                                     .test = TEST_SHARES,
                                     .base = 100,
                                     .next = 100,
                                     .base_units = 20,
                                     .next_units = 20,
                                     .low = -16.1,
                                     .high = 16.1,
                                     .margin = 0.1,
                                     .p = 1,
                                     .corrected = (double)NAN,
                                     .effect = 0.5}},
                          .base = {"out/main", "out/main-2"},
                          .next = {"out/<b>@you</b>\033[31m"}};
    told->report = (struct comparison_report){.word = COMPARISON_WORSE,
                                              .alpha = 0.05,
                                              .lateness_ms = 0.31,
                                              .base_names = told->base,
                                              .next_names = told->next,
                                              .base_count = 2,
                                              .next_count = 1,
                                              .lines = told->lines,
                                              .line_count = 5,
                                              .counts = {1, 1, 1, 1, 1},
                                              .warnings = {"the endpoints differ: 40 in out/main, "
                                                           "42 in out/new"},
                                              .warning_count = 1};
}

static void check(const char *format, bool all, const char *golden)
{
    struct told told;
    struct comparison_page page = {.width = 80, .all = all};
    struct text out = {0};
    tell(&told);
    comparison_format_find(format)->write(&told.report, &page, &out);
    assert_golden(golden, text_get(&out), out.length);
    assert_null(strchr(text_get(&out), '\033'));
    text_fini(&out);
}

static void text_shows_what_moved(void **state)
{
    (void)state;
    check("text", false, "moved.txt");
}

static void text_shows_all_when_asked(void **state)
{
    (void)state;
    check("text", true, "all.txt");
}

static void markdown_folds_what_did_not_move(void **state)
{
    (void)state;
    check("markdown", false, "comment.md");
}

static void json_is_for_programs(void **state)
{
    (void)state;
    check("json", false, "compare.json");
}

static void a_comment_of_many_lines_fits(void **state)
{
    enum { MANY = 2000 };
    struct told told;
    struct comparison_page page = {.width = 80};
    struct text out = {0};
    (void)state;
    tell(&told);
    struct comparison_line *lines = calloc(MANY, sizeof *lines);
    for (size_t i = 0; i < MANY; i++)
        lines[i] = told.lines[4];
    told.report.lines = lines;
    told.report.line_count = told.report.counts[COMPARISON_SAME] = MANY;
    comparison_format_find("markdown")->write(&told.report, &page, &out);
    assert_true(out.length < 65536);
    assert_non_null(strstr(text_get(&out), "more are left out here"));
    text_fini(&out);
    free(lines);
}

SPECIFICATION(cmocka_unit_test(text_shows_what_moved), cmocka_unit_test(text_shows_all_when_asked),
              cmocka_unit_test(markdown_folds_what_did_not_move),
              cmocka_unit_test(json_is_for_programs),
              cmocka_unit_test(a_comment_of_many_lines_fits))
