/* TAP 14: a subtest per run, a test per threshold, group and step. What is only a warning is a
 * TODO, which harnesses do not hold against the test. */
#include <string.h>
#include "junit.h"

/* A description: # would begin a directive. */
static void describe(struct text *out, const char *string)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_TERMINAL);
    for (const char *at = text_get(&clean); *at; at++)
        text_printf(out, strchr("#\\", *at) ? "\\%c" : "%c", *at);
    text_fini(&clean);
}

/* A scalar of YAML in double quotes; so it is one of JSON. */
static void quote(struct text *out, const char *key, const char *string)
{
    struct text clean = {0};
    words_clean(&clean, string, CLEAN_TERMINAL);
    text_printf(out, "      %s: \"", key);
    for (const char *at = text_get(&clean); *at; at++)
        text_printf(out, strchr("\"\\", *at) ? "\\%c" : "%c", *at);
    text_add(out, "\"\n");
    text_fini(&clean);
}

static void diagnostics(struct text *out, const struct junit_suite *suite,
                        const struct junit_case *each)
{
    static const char *const severities[] = {"pass", "fail", "error", "skip"};
    text_add(out, "      ---\n");
    quote(out, "message", each->message);
    text_printf(out, "      severity: %s\n",
                each->warning ? "warning"
                : each->flaky ? "flaky"
                              : severities[each->ending]);
    if (suite->file)
        quote(out, "file", suite->file);
    if (each->line > 0)
        text_printf(out, "      line: %d\n", each->line);
    text_add(out, "      details: |\n");
    for (const char *at = each->text; *at;) {
        size_t length = strcspn(at, "\n");
        struct text copy = {0};
        text_add_bytes(&copy, at, length);
        text_add(out, "        ");
        words_clean(out, text_get(&copy), CLEAN_TERMINAL);
        text_add(out, "\n");
        text_fini(&copy);
        at += length + (at[length] == '\n');
    }
    text_add(out, "      ...\n");
}

static void write_case(struct text *out, const struct junit_suite *suite, size_t index)
{
    const struct junit_case *each = &suite->cases[index];
    bool bad = each->warning || each->ending == JUNIT_FAILED || each->ending == JUNIT_ERROR;
    text_printf(out, "    %sok %zu - ", bad ? "not " : "", index + 1);
    describe(out, each->name);
    if (each->warning)
        text_add(out, " # TODO only a warning");
    if (each->ending == JUNIT_SKIPPED) {
        text_add(out, " # SKIP ");
        describe(out, each->message);
    }
    text_add(out, "\n");
    if (bad || each->flaky)
        diagnostics(out, suite, each);
}

static void write_tap(const struct report *report, struct text *out)
{
    struct arena *arena = arena_new();
    const struct run_title *titles = run_titles(report, arena);
    text_printf(out, "TAP version 14\n1..%zu\n", report->run_count + report->skipped_count);
    for (size_t i = 0; i < report->run_count; i++) {
        struct junit_suite suite;
        junit_collect(&suite, report, i, &titles[i], JUNIT_CASES_MAX, arena);
        text_add(out, "# Subtest: ");
        describe(out, titles[i].title);
        text_printf(out, "\n    1..%zu\n", suite.case_count);
        for (size_t c = 0; c < suite.case_count; c++)
            write_case(out, &suite, c);
        text_printf(out, "%sok %zu - ", suite.result->verdict == VERDICT_PASS ? "" : "not ", i + 1);
        describe(out, titles[i].title);
        text_add(out, "\n");
    }
    for (size_t i = 0; i < report->skipped_count; i++) {
        size_t number = report->run_count + i;
        text_printf(out, "ok %zu - ", number + 1);
        describe(out, titles[number].title);
        text_add(out, " # SKIP ");
        describe(out, report->skipped[i].why);
        text_add(out, "\n");
    }
    arena_free(arena);
}

const struct report_format report_format_tap = {
    .name = "tap",
    .help = "TAP 14: a subtest per run, for prove and other harnesses",
    .write = write_tap,
};
