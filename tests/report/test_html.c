#include "support/specification.h"

#include <jansson.h>
#include <math.h>
#include "golden.h"
#include "html/html.h"
#include "runs.h"

static void render(const struct report *report, struct text *out)
{
    report_format_find("html")->write(report, out);
}

/* What stands behind `from` up to `to`; fails when there is no such part. */
static void part(const struct text *page, const char *from, const char *to, struct text *out)
{
    const char *begin = strstr(text_get(page), from);
    assert_non_null(begin);
    const char *end = strstr(begin, to);
    assert_non_null(end);
    text_add_bytes(out, begin, (size_t)(end - begin));
}

/* The page without what is the same in all: style and script. */
static void page_of_each_run_is_as_the_golden_file(void **state)
{
    static const char *const shown[] = {"pass", "hostile", "busy", "steps", "inconclusive"};
    (void)state;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct fixture f;
        struct text page = {0}, out = {0}, name = {0};
        bool wanted = false;
        for (size_t s = 0; s < sizeof(shown) / sizeof(shown[0]); s++)
            wanted |= strcmp(shown[s], runs[i].name) == 0;
        if (!wanted)
            continue;
        runs[i].run(&f);
        render(fixture_report(&f), &page);
        part(&page, "<main id=\"summary\">", "<noscript>", &out);
        part(&page, "<script type=\"application/json\"", "<script>", &out);
        text_printf(&name, "%s.html", runs[i].name);
        assert_golden(text_get(&name), text_get(&out), out.length);
        text_fini(&name);
        text_fini(&out);
        text_fini(&page);
        fixture_fini(&f);
    }
}

static size_t count(const char *text, const char *word)
{
    size_t found = 0;
    for (; (text = strstr(text, word)); text += strlen(word))
        found++;
    return found;
}

static void text_of_the_network_cannot_end_the_script_or_begin_markup(void **state)
{
    static const char evil[] = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"
                               "\xe2\x80\xa8\xe2\x80\xa9'\"";
    struct fixture f;
    struct text page = {0}, data = {0};
    json_error_t error;
    (void)state;
    fixture_init(&f, 1);
    f.roster.name = f.roster.spec = f.groups[1].name = f.groups[0].codecs = evil;
    f.groups[0].registrar = f.groups[0].server = f.groups[1].expected = evil;
    f.groups[1].target = "sip:</title><svg onload=alert(1)>";
    fixture_run(&f);
    fixture_refused_call(&f, 0, 500, evil, OUTCOME_CALL_FAILED);
    fixture_judge(&f);
    render(fixture_report(&f), &page);
    const char *text = text_get(&page);
    assert_int_equal(count(text, "<script"), 2);
    assert_int_equal(count(text, "</script"), 2);
    assert_int_equal(count(text, "<!--"), 0);
    assert_int_equal(count(text, "<img"), 0);
    assert_int_equal(count(text, "<svg onload"), 0);
    assert_int_equal(count(text, "</title>"), 1 + 2 * 2 /* of the cards, twice */ + 2);
    part(&page, "{\"name\":", "\n</script>", &data);
    assert_null(strstr(text_get(&data), "\xe2\x80\xa8"));
    assert_null(strstr(text_get(&data), "\xe2\x80\xa9"));
    json_t *root = json_loads(text_get(&data), JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%d:%d: %s", error.line, error.column, error.text);
    assert_string_equal(json_string_value(json_object_get(root, "name")), evil);
    json_decref(root);
    text_fini(&data);
    text_fini(&page);
    fixture_fini(&f);
}

static void page_asks_for_nothing_from_anywhere(void **state)
{
    struct fixture f;
    struct text page = {0};
    (void)state;
    run_busy(&f);
    render(fixture_report(&f), &page);
    const char *text = text_get(&page);
    assert_non_null(strstr(text, "content=\"default-src 'none'; script-src 'sha256-"));
    assert_null(strstr(text, "'unsafe-eval'"));
    assert_null(strstr(text, " src="));
    assert_null(strstr(text, "@import"));
    assert_null(strstr(text, "href=\"http"));
    assert_null(strstr(text, "url("));
    assert_non_null(strstr(text, "Permission is hereby granted")); /* the license of uPlot */
    text_fini(&page);
    fixture_fini(&f);
}

static void pass_behind_failed_attempts_is_flaky_and_not_a_plain_pass(void **state)
{
    static const char *const tried[] = {"3 of 4 calls were refused <with> 503"};
    struct fixture f;
    struct text page = {0};
    (void)state;
    run_pass(&f);
    struct report_run run = {.result = f.result, .attempts = 2, .tried = tried};
    struct report report = {.runs = &run, .run_count = 1};
    render(&report, &page);
    assert_non_null(strstr(text_get(&page), "class=\"verdict v-flaky\""));
    assert_non_null(strstr(text_get(&page), "<li>3 of 4 calls were refused &lt;with&gt; 503</li>"));
    text_fini(&page);
    fixture_fini(&f);
}

static void limits_of_this_machine_are_told_with_what_would_fit(void **state)
{
    struct fixture f;
    struct text page = {0};
    (void)state;
    run_inconclusive(&f);
    f.result->limit_count = 1;
    f.result->limit_told = RESULT_LIMITS_MAX;
    f.result->limits[0] = (struct result_limit){
        .resource = "cpu", .decisive = true, .fits = 1200, .text = "one thread was busy <always>."};
    render(fixture_report(&f), &page);
    assert_non_null(strstr(text_get(&page), "Limits of this machine"));
    assert_non_null(strstr(text_get(&page), "one thread was busy &lt;always&gt;. It would carry "
                                            "about 1,200 endpoints."));
    text_fini(&page);
    fixture_fini(&f);
}

static void quantiles_of_a_cell_are_within_a_percent(void **state)
{
    struct html_cell cell = {0};
    (void)state;
    assert_true(isnan(html_cell_quantile(&cell, .5)));
    for (int i = 1000; i >= 1; i--)
        html_cell_add(&cell, i / 10.0);
    html_cell_add(&cell, NAN);
    assert_int_equal(cell.values, 1000);
    static const double wanted[][2] = {{.05, 5}, {.5, 50}, {.95, 95}, {1, 100}};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        double got = html_cell_quantile(&cell, wanted[i][0]);
        assert_true(fabs(got - wanted[i][1]) <= .0101 * wanted[i][1]);
    }
    html_cell_fini(&cell);
    for (int i = 0; i < 3; i++)
        html_cell_add(&cell, -4.41);
    html_cell_add(&cell, 0);
    assert_true(fabs(html_cell_quantile(&cell, .5) + 4.41) < 1e-9);
    assert_true(html_cell_quantile(&cell, 1) == 0);
    html_cell_fini(&cell);
}

static void time_of_a_long_run_is_told_in_round_steps(void **state)
{
    struct result result = {.started_ns = FIXTURE_START};
    static const struct {
        int64_t seconds;
        uint32_t most, step;
    } cases[] = {
        {60, 300, 1}, {600, 300, 5}, {3600, 300, 15}, {86400, 300, 300}, {10000000, 40, 460800}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        result.ended_ns = result.started_ns + cases[i].seconds * FIXTURE_S;
        assert_int_equal(html_step(&result, cases[i].most), cases[i].step);
    }
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(page_of_each_run_is_as_the_golden_file),
              cmocka_unit_test(text_of_the_network_cannot_end_the_script_or_begin_markup),
              cmocka_unit_test(page_asks_for_nothing_from_anywhere),
              cmocka_unit_test(pass_behind_failed_attempts_is_flaky_and_not_a_plain_pass),
              cmocka_unit_test(limits_of_this_machine_are_told_with_what_would_fit),
              cmocka_unit_test(quantiles_of_a_cell_are_within_a_percent),
              cmocka_unit_test(time_of_a_long_run_is_told_in_round_steps))
/* clang-format on */
