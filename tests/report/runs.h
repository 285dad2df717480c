/*
 * runs: the runs whose reports are golden files: golden/<name>.xml, .json, .txt.
 */
#ifndef CMTEST_RUNS_H
#define CMTEST_RUNS_H

#include "cmtest/report.h"
#include "support/fixture.h"
#include "traced.h"

/* A report of one run that is kept nowhere; lives as long as the fixture. */
static inline struct report *fixture_report(const struct fixture *f)
{
    struct report *report = arena_alloc(f->arena, sizeof(*report));
    struct report_run *run = arena_alloc(f->arena, sizeof(*run));
    *run = (struct report_run){.result = f->result, .attempts = 1};
    *report = (struct report){.runs = run, .run_count = 1};
    return report;
}

static inline void run_pass(struct fixture *f)
{
    fixture_init(f, 2);
    fixture_threshold(f, "calls.success_rate >= 99.5%");
    fixture_threshold(f, "receive.mos.p5 >= 3.8");
    fixture_threshold(f, "post_dial_delay.p95 < 2s");
    fixture_threshold(f, "receive.packet_loss.max < 1% in callers");
    fixture_threshold(f, "registration.time.p99 < 10ms warn");
    f->thresholds[0].line = 0;
    f->thresholds[0].implicit = true;
    fixture_run(f);
    fixture_whole_call(f, 0, 4.41);
    fixture_whole_call(f, 1, 4.21);
    fixture_pacing(f, 3, FIXTURE_MS / 4);
    fixture_judge(f);
}

static inline void run_wrong_password(struct fixture *f)
{
    fixture_init(f, 10);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
    fixture_threshold(f, "receive.mos.p5 >= 3.8");
    fixture_run(f);
    for (uint32_t i = 0; i < 10; i++) {
        if (i == 3)
            fixture_wrong_password(f, i);
        else
            fixture_whole_call(f, i, 4.41);
    }
    fixture_judge(f);
}

static inline void run_several_causes(struct fixture *f)
{
    fixture_init(f, 12);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
    fixture_run(f);
    for (uint32_t i = 0; i < 12; i++) {
        if (i < 5)
            fixture_refused_call(f, i, 486, "Busy Here", OUTCOME_CALL_FAILED);
        else if (i < 8)
            fixture_refused_call(f, i, 503, "Service Unavailable", OUTCOME_CALL_FAILED);
        else if (i < 10)
            fixture_refused_call(f, i, 404, "Not Found", OUTCOME_CALL_FAILED);
        else if (i < 11)
            fixture_refused_call(f, i, 302, "Moved Temporarily", OUTCOME_CALL_FAILED);
        else
            fixture_wrong_password(f, i);
    }
    fixture_judge(f);
}

static inline void run_unreachable(struct fixture *f)
{
    fixture_init(f, 2);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
    fixture_run(f);
    for (uint32_t i = 0; i < 4; i++) {
        fixture_registration(f, i, 0, "");
        fixture_outcome(f, i, OUTCOME_REGISTRATION_FAILED, 0, "", "no answer within 32 s");
    }
    fixture_judge(f);
}

static inline void run_inconclusive(struct fixture *f)
{
    fixture_init(f, 2);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
    fixture_threshold(f, "receive.jitter.p95 < 0.1ms");
    fixture_run(f);
    fixture_whole_call(f, 0, 4.41);
    fixture_whole_call(f, 1, 4.41);
    fixture_pacing(f, 100, 7 * FIXTURE_MS);
    fixture_judge(f);
}

static inline void run_no_data(struct fixture *f)
{
    fixture_init(f, 1);
    fixture_threshold(f, "receive.mos.p5 >= 3.8");
    fixture_threshold(f, "calls.success_rate >= 100%");
    fixture_run(f);
    fixture_refused_call(f, 0, 488, "Not Acceptable Here", OUTCOME_NEGOTIATION_FAILED);
    fixture_judge(f);
}

/* What a hostile server may put into a reason phrase: ends of markup, controls, ESC sequences,
 * broken and direction-turning UTF-8, format directives. */
#define RUNS_HOSTILE "]]><x a='\"&\x1b[2J\x01\r\n\xff\xc0\xaf\xe2\x80\xae%s%n\xef\xbf\xbf"

static inline void run_hostile(struct fixture *f)
{
    fixture_init(f, 1);
    f->roster.name = "hostile <\x1b]0;name\x07> \xfe";
    f->roster.spec = "./a b/../<hostile>.yaml";
    f->groups[1].name = "callers\x1b[31m";
    fixture_threshold(f, "calls.success_rate >= 100%");
    fixture_threshold(f, "calls.success_rate >= 100%");
    fixture_run(f);
    fixture_refused_call(f, 0, 500, RUNS_HOSTILE, OUTCOME_CALL_FAILED);
    fixture_judge(f);
}

static inline void run_busy(struct fixture *f)
{
    struct traced t = {0};
    traced_run(&t, f, 1);
}

/* Three calls with a scenario: two peers refuse the hold, and one of them never asks for digits. */
static inline void run_steps(struct fixture *f)
{
    fixture_init(f, 3);
    fixture_threshold(f, "actions.success_rate >= 100%");
    fixture_threshold(f, "actions.failed.max == 0 in callers");
    fixture_scenario(f);
    fixture_run(f);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t caller = fixture_caller(f, i);
        struct event outcome = {.endpoint = caller, .kind = EVENT_OUTCOME};
        struct event_steps *steps = &outcome.outcome.steps;
        if (i == 0) {
            *steps = (struct event_steps){3, 3, 0, 1};
            fixture_action(f, caller, 0, ACTION_DONE, 200, "status 200, sendonly", "");
            fixture_action(f, caller, 1, ACTION_DONE, 0, "", "");
            fixture_action(f, caller, 2, ACTION_DONE, 200, "status 200", "");
        } else {
            *steps = (struct event_steps){1, 0, 1, 3};
            fixture_action(f, caller, 0, ACTION_FAILED, 488, "status 488",
                           "expected status 200, got 488");
            fixture_action(f, caller, 1, ACTION_SKIPPED, 0, "", "hold was not done");
            fixture_action(f, caller, 2, ACTION_SKIPPED, 0, "", "dtmf_received did not happen");
            outcome.outcome.outcome = OUTCOME_CALL_FAILED;
            outcome.outcome.failure = FAILURE_ACTION;
            outcome.outcome.status = 488;
            text_copy(outcome.outcome.detail, sizeof outcome.outcome.detail,
                      "step 1 (hold, at 1 s) failed: expected status 200, got 488");
        }
        fixture_action(f, caller, 3, ACTION_SKIPPED, 0, "", "hold_received did not happen");
        /* The first outcome holds against the one below. */
        fixture_event(f, outcome);
        fixture_whole_call(f, i, 4.41);
    }
    fixture_judge(f);
}

/* What was the limit is judged elsewhere; here it only has to be told. */
static inline void run_limited(struct fixture *f)
{
    run_inconclusive(f);
    f->result->limits[1] = (struct result_limit){
        .resource = "cpu",
        .fits = 1400,
        .decisive = true,
        .text = "A thread of cmtest was busy for 99% of the time, at most 80% is sound",
        .next = "run it on a machine with more cores, or with fewer endpoints."};
    f->result->limits[2] = (struct result_limit){
        .resource = "receive queue",
        .text = "The kernel dropped 120 packets before they were read, none is sound.",
        .next = "raise net.core.rmem_max."};
    f->result->limit_count = 3;
}

static const struct {
    const char *name;
    void (*run)(struct fixture *fixture);
} runs[] = {{"pass", run_pass},
            {"wrong-password", run_wrong_password},
            {"several-causes", run_several_causes},
            {"unreachable", run_unreachable},
            {"inconclusive", run_inconclusive},
            {"no-data", run_no_data},
            {"hostile", run_hostile},
            {"busy", run_busy},
            {"steps", run_steps},
            {"limited", run_limited}};

#define RUN_COUNT (sizeof(runs) / sizeof(runs[0]))

/* ---- several runs ----------------------------------------------------------------------- */

#define REPORT_RUNS_MAX 8

/* A report and what it is of; reports_free(). */
struct reports {
    struct fixture fixtures[REPORT_RUNS_MAX];
    struct report_run runs[REPORT_RUNS_MAX];
    struct report report;
};

static const char *const runs_tried[] = {
    "fail: 1 of 4 endpoints ended CALL_FAILED with 486 Busy Here.",
    "fail: receive.mos.p5 >= 3.8: it was 2.1 | ::error::`x` @all"};

static inline struct report_run *reports_add(struct reports *reports, void (*run)(struct fixture *))
{
    size_t index = reports->report.run_count++;
    run(&reports->fixtures[index]);
    reports->runs[index] =
        (struct report_run){.result = reports->fixtures[index].result, .attempts = 1};
    reports->report.runs = reports->runs;
    return &reports->runs[index];
}

/* Written to out, in a working directory below the root of a repository. */
static inline void reports_place(struct reports *reports)
{
    reports->report.folder = "out";
    reports->report.directory = "/work/sbc/tests";
    reports->report.root = "/work/sbc";
}

static inline void report_flaky_run(struct reports *reports)
{
    struct report_run *run = reports_add(reports, run_pass);
    run->attempts = 3;
    run->tried = runs_tried;
    reports_place(reports);
}

/* The cases of a matrix, one of them twice, and a failure that stays one. */
static inline void report_matrix(struct reports *reports)
{
    static const struct {
        const char *label, *folder;
        void (*run)(struct fixture *);
    } cases[] = {{"codec=pcma", "1-codec=pcma", run_pass},
                 {"codec=opus, loss=0.5%", "2-codec=opus", run_busy},
                 {"codec=g722", "3-codec=g722", run_limited},
                 {"codec=pcma", "4-codec=pcma", run_steps},
                 {NULL, "5", run_unreachable},
                 {NULL, "6", run_pass}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct report_run *run = reports_add(reports, cases[i].run);
        run->case_name = cases[i].label;
        run->folder = cases[i].folder;
    }
    reports->runs[3].attempts = reports->runs[5].attempts = 2;
    reports->runs[3].tried = reports->runs[5].tried = runs_tried;
    reports_place(reports);
}

/* One failed, and so two did not run, of which one has words for everybody's markup. */
static inline void report_cut_short(struct reports *reports)
{
    static const struct report_skip left[] = {{"SBC pre-merge gate", "examples/gate.yaml", NULL,
                                               "a case before it did not pass (--fail-fast)"},
                                              {"<b>|::error::x #y @all", "./other dir/hold.yaml",
                                               "codec=opus, loss=0.5%",
                                               "the time of --timeout was over"}};
    struct report_run *run = reports_add(reports, run_busy);
    run->folder = "gate";
    reports->report.skipped = left;
    reports->report.skipped_count = 2;
    reports_place(reports);
}

#define REPORT_OF(run)                                       \
    static inline void report_##run(struct reports *reports) \
    {                                                        \
        reports_add(reports, run_##run);                     \
        reports_place(reports);                              \
    }
REPORT_OF(pass)
REPORT_OF(unreachable)
REPORT_OF(limited)
REPORT_OF(no_data)
REPORT_OF(hostile)
REPORT_OF(busy)
REPORT_OF(steps)
#undef REPORT_OF

static const struct {
    const char *name;
    void (*fill)(struct reports *reports);
} reports_of[] = {{"pass", report_pass},       {"unreachable", report_unreachable},
                  {"limited", report_limited}, {"no-data", report_no_data},
                  {"hostile", report_hostile}, {"busy", report_busy},
                  {"steps", report_steps},     {"flaky", report_flaky_run},
                  {"matrix", report_matrix},   {"cut-short", report_cut_short}};

#define REPORT_COUNT (sizeof(reports_of) / sizeof(reports_of[0]))

static inline void reports_free(struct reports *reports)
{
    for (size_t i = 0; i < reports->report.run_count; i++)
        fixture_fini(&reports->fixtures[i]);
}

#endif
