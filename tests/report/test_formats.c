#include "support/specification.h"

#define GOLDEN_FOLDER "golden-formats"
#include "golden.h"
#include "runs.h"
#include "cmtest/report.h"

/* The endings of the golden files; junit and json of single runs have their own tests. */
static const struct {
    const char *format, *ending;
} formats[] = {{"junit", "junit.xml"},    {"summary", "summary.json"},
               {"markdown", "md"},        {"openmetrics", "metrics.txt"},
               {"github", "github"},      {"github-output", "output"},
               {"gitlab", "gitlab.json"}, {"dotenv", "env"},
               {"sarif", "sarif"},        {"tap", "tap"},
               {"index", "index.html"}};

#define FORMAT_COUNT (sizeof(formats) / sizeof(formats[0]))

static void write(const char *format, const struct report *report, struct text *out)
{
    assert_non_null(report_format_find(format));
    report_format_find(format)->write(report, out);
}

static void every_report_in_every_format_is_as_the_golden_file(void **state)
{
    (void)state;
    for (size_t r = 0; r < REPORT_COUNT; r++) {
        struct reports reports = {0};
        reports_of[r].fill(&reports);
        for (size_t i = 0; i < FORMAT_COUNT; i++) {
            struct text out = {0}, name = {0};
            write(formats[i].format, &reports.report, &out);
            text_printf(&name, "%s.%s", reports_of[r].name, formats[i].ending);
            assert_golden(text_get(&name), text_get(&out), out.length);
            text_fini(&name);
            text_fini(&out);
        }
        reports_free(&reports);
    }
}

static void flaky_report_is_the_golden_result(void **state)
{
    struct reports reports = {0};
    struct text out = {0};
    (void)state;
    report_flaky_run(&reports);
    write("json", &reports.report, &out);
    assert_golden("flaky.result.json", text_get(&out), out.length);
    text_fini(&out);
    reports_free(&reports);
}

static void every_format_has_a_golden_file(void **state)
{
    (void)state;
    for (size_t f = 0; report_formats[f]; f++) {
        /* Those about one run, and those that are streamed, are looked at elsewhere. */
        bool found = report_formats[f]->single || !report_formats[f]->write;
        for (size_t i = 0; i < FORMAT_COUNT; i++)
            found |= strcmp(report_formats[f]->name, formats[i].format) == 0;
        if (!found)
            fail_msg("%s has none", report_formats[f]->name);
    }
}

static void several_runs_on_a_terminal_are_as_the_golden_file(void **state)
{
    struct reports reports = {0};
    struct text out = {0};
    (void)state;
    report_matrix(&reports);
    report_console_runs(&reports.report, 80, false, true, &out);
    text_add(&out, "----------------------------------------\n");
    report_console_runs(&reports.report, 40, false, false, &out);
    text_add(&out, "----------------------------------------\n");
    report_console(&reports.runs[3], "out/4-codec=pcma", 80, false, true, &out);
    text_add(&out, "----------------------------------------\n");
    report_console(&reports.runs[5], "out/6", 80, false, true, &out);
    text_add(&out, "----------------------------------------\n");
    report_console_runs(&reports.report, 80, true, true, &out);
    text_add(&out, "----------------------------------------\n");
    struct reports cut = {0};
    report_cut_short(&cut);
    report_console_runs(&cut.report, 80, false, true, &out);
    report_console_runs(&cut.report, 40, false, false, &out);
    reports_free(&cut);
    assert_golden("matrix.txt", text_get(&out), out.length);
    text_fini(&out);
    reports_free(&reports);
}

static void a_run_is_never_a_plain_pass_after_one_that_was_none(void **state)
{
    static const char *const told[][2] = {
        {"junit", "<flakyFailure message=\"fail: 1 of 4 endpoints"},
        {"summary", "\"flaky\": true"},
        {"json", "\"flaky\": true"},
        {"markdown", "## FLAKY: "},
        {"openmetrics", "cmtest_flaky{test=\"SBC pre-merge gate\"} 1"},
        {"github", "::warning "},
        {"github-output", "flaky=1\n"},
        {"gitlab", "\"flaky\""},
        {"dotenv", "CMTEST_RESULT_FLAKY=1\n"},
        {"sarif", "\"ruleId\": \"flaky\""},
        {"tap", "severity: flaky"}};
    struct reports reports = {0};
    (void)state;
    report_flaky_run(&reports);
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        struct text out = {0};
        write(told[i][0], &reports.report, &out);
        if (!strstr(text_get(&out), told[i][1]))
            fail_msg("%s does not say %s", told[i][0], told[i][1]);
        text_fini(&out);
    }
    reports_free(&reports);
}

static void what_did_not_run_is_told_everywhere_and_is_no_pass(void **state)
{
    static const char *const told[][2] = {
        {"junit", "<skipped message=\"a case before it did not pass (--fail-fast)\"/>"},
        {"summary", "\"why\": \"the time of --timeout was over\""},
        {"markdown", "1 failed of 1 run; 2 did not run"},
        {"openmetrics", "cmtest_skipped{test=\"SBC pre-merge gate\",case=\"(2)\"} 1"},
        {"github", "did not run: the time of --timeout was over"},
        {"github-output", "skipped=2\n"},
        {"gitlab", "\"skipped\""},
        {"dotenv", "CMTEST_RESULT_SKIPPED=2\n"},
        {"sarif", "\"ruleId\": \"skipped\""},
        {"tap", "ok 2 - SBC pre-merge gate (2) # SKIP a case before"},
        {"index", "a case before it did not pass (--fail-fast)"}};
    struct reports reports = {0};
    (void)state;
    report_cut_short(&reports);
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        struct text out = {0};
        write(told[i][0], &reports.report, &out);
        if (!strstr(text_get(&out), told[i][1]))
            fail_msg("%s does not say %s", told[i][0], told[i][1]);
        text_fini(&out);
    }
    assert_int_equal(report_verdict(&reports.report), VERDICT_FAIL);
    reports.report.end = REPORT_TIMED_OUT;
    assert_int_equal(report_exit_code(&reports.report), 4);
    reports.report.end = REPORT_INTERRUPTED;
    assert_int_equal(report_exit_code(&reports.report), 130);
    reports_free(&reports);
    reports = (struct reports){0};
    report_cut_short(&reports);
    reports.fixtures[0].result->verdict = VERDICT_PASS;
    assert_int_equal(report_verdict(&reports.report), VERDICT_ERROR);
    reports_free(&reports);
}

static void a_flaky_run_fails_when_it_is_told_to(void **state)
{
    struct reports reports = {0};
    (void)state;
    report_flaky_run(&reports);
    assert_int_equal(report_exit_code(&reports.report), 0);
    reports.report.fail_on_flaky = true;
    assert_int_equal(report_exit_code(&reports.report), 1);
    reports_free(&reports);
}

static void the_worst_verdict_is_that_of_all(void **state)
{
    struct reports reports = {0};
    struct report none = {0};
    (void)state;
    assert_int_equal(report_verdict(&none), VERDICT_ERROR);
    assert_int_equal(report_exit_code(&none), 4);
    reports_add(&reports, run_pass);
    assert_int_equal(report_exit_code(&reports.report), 0);
    reports_add(&reports, run_inconclusive);
    assert_int_equal(report_exit_code(&reports.report), 5);
    reports_add(&reports, run_busy);
    assert_int_equal(report_exit_code(&reports.report), 1);
    reports_add(&reports, run_pass);
    reports_add(&reports, run_unreachable);
    assert_int_equal(report_verdict(&reports.report), VERDICT_ERROR);
    assert_int_equal(report_exit_code(&reports.report), 4);
    reports.fixtures[1].result->interrupted = true;
    assert_int_equal(report_exit_code(&reports.report), 130);
    reports_free(&reports);
}

static void of_many_annotations_ten_errors_and_one_notice_are_shown(void **state)
{
    struct fixture f;
    struct text out = {0};
    size_t errors = 0, lines = 0;
    (void)state;
    fixture_init(&f, 1);
    for (int i = 0; i < 13; i++)
        fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    fixture_refused_call(&f, 0, 500, "::error::x", OUTCOME_CALL_FAILED);
    fixture_judge(&f);
    write("github", fixture_report(&f), &out);
    for (const char *at = text_get(&out); *at; at += strcspn(at, "\n") + 1) {
        errors += strncmp(at, "::error file=", 13) == 0;
        lines++;
    }
    assert_int_equal(errors, 10);
    assert_int_equal(lines, 11);
    assert_non_null(strstr(text_get(&out), "\n::notice title=cmtest::3 more"));
    text_fini(&out);
    fixture_fini(&f);
}

static void what_a_log_would_execute_is_taken_from_it(void **state)
{
    static const char *const lines[][2] = {
        {"::error::x\n", "\\::error::x\n"},
        {"a\n  ::set-output name=x::y\nb", "a\n  \\::set-output name=x::y\nb"},
        {"::1 and fe80::1 are addresses\n", "::1 and fe80::1 are addresses\n"},
        {"::1 and fe80:1\n", "::1 and fe80:1\n"},
        {"x ##[error]y ##vso[task] #[", "x #\\#[error]y #\\#vso[task] #["},
        {"", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct text out = {0};
        text_add(&out, "::debug::kept\n");
        text_add(&out, lines[i][0]);
        report_guard(&out, strlen("::debug::kept\n"));
        assert_string_equal(text_get(&out) + strlen("::debug::kept\n"), lines[i][1]);
        text_fini(&out);
    }
}

static char root[] = "/work/sbc", yes[] = "true";

static char *jenkins(const char *name)
{
    return strcmp(name, "WORKSPACE") == 0 ? root : NULL;
}

static char *gitlab(const char *name)
{
    return strcmp(name, "CI_PROJECT_DIR") == 0 ? root : strcmp(name, "GITLAB_CI") == 0 ? yes : NULL;
}

static char *nothing(const char *name)
{
    (void)name;
    return NULL;
}

static void files_are_named_as_each_reader_finds_them(void **state)
{
    static const struct {
        char *(*look_up)(const char *name);
        const char *attachment, *file;
    } readers[] = {{jenkins, "[[ATTACHMENT|/work/sbc/tests/out/evidence/callers-1.txt]]",
                    "file=\"tests/examples/gate.yaml\""},
                   {gitlab, "\n[[ATTACHMENT|tests/out/evidence/callers-1.txt]]\n",
                    "file=\"tests/examples/gate.yaml\""},
                   {nothing, "[[ATTACHMENT|/work/sbc/tests/out/evidence/callers-1.txt]]",
                    "file=\"examples/gate.yaml\""}};
    (void)state;
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        struct reports reports = {0};
        struct text out = {0};
        report_busy(&reports);
        report_locate(&reports.report, "/work/sbc/tests", readers[i].look_up);
        write("junit", &reports.report, &out);
        const char *begin = strstr(text_get(&out), "<system-out>[[ATTACHMENT|");
        assert_non_null(begin);
        assert_non_null(
            strstr(text_get(&out), readers[i].attachment + (readers[i].attachment[0] == '\n')));
        assert_non_null(strstr(text_get(&out), readers[i].file));
        text_fini(&out);
        reports_free(&reports);
    }
}

/* 150 runs in which nothing is well. */
static void huge_report_stays_below_the_limits_of_its_readers(void **state)
{
    enum { RUNS = 150 };
    struct fixture f;
    struct text junit = {0}, markdown = {0}, env = {0};
    struct report report = {0};
    struct report_run *all = calloc(RUNS, sizeof(*all));
    (void)state;
    fixture_init(&f, 60);
    for (int i = 0; i < 14; i++)
        fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 60; i++)
        fixture_refused_call(&f, i, 486, RUNS_HOSTILE, OUTCOME_CALL_FAILED);
    fixture_judge(&f);
    for (size_t i = 0; i < RUNS; i++)
        all[i] = (struct report_run){.result = f.result, .attempts = 1, .folder = "x"};
    report.runs = all;
    report.run_count = RUNS;
    write("junit", &report, &junit);
    write("markdown", &report, &markdown);
    write("dotenv", &report, &env);
    assert_in_range(junit.length, 1 << 19, 25 << 20);
    assert_in_range(markdown.length, 100000, 1000000);
    assert_in_range(env.length, 10, 5 * 1024);
    size_t objects = 0;
    for (const char *at = text_get(&junit); *at; at++)
        objects += *at == '<' || (*at == '=' && at[1] == '"');
    assert_in_range(objects, 1000, 250000 - 1);
    text_fini(&junit);
    text_fini(&markdown);
    text_fini(&env);
    free(all);
    fixture_fini(&f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(every_report_in_every_format_is_as_the_golden_file),
              cmocka_unit_test(flaky_report_is_the_golden_result),
              cmocka_unit_test(every_format_has_a_golden_file),
              cmocka_unit_test(several_runs_on_a_terminal_are_as_the_golden_file),
              cmocka_unit_test(a_run_is_never_a_plain_pass_after_one_that_was_none),
              cmocka_unit_test(what_did_not_run_is_told_everywhere_and_is_no_pass),
              cmocka_unit_test(a_flaky_run_fails_when_it_is_told_to),
              cmocka_unit_test(the_worst_verdict_is_that_of_all),
              cmocka_unit_test(of_many_annotations_ten_errors_and_one_notice_are_shown),
              cmocka_unit_test(what_a_log_would_execute_is_taken_from_it),
              cmocka_unit_test(files_are_named_as_each_reader_finds_them),
              cmocka_unit_test(huge_report_stays_below_the_limits_of_its_readers))
/* clang-format on */
