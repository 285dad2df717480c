/*
 * runs: the runs whose reports are golden files: golden/<name>.xml, .json, .txt.
 */
#ifndef CMTEST_RUNS_H
#define CMTEST_RUNS_H

#include "cmtest/report.h"
#include "support/fixture.h"
#include "traced.h"

/* The report of one run that is kept nowhere; lives as long as the fixture. */
static inline const struct report *fixture_report(const struct fixture *f)
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
            {"steps", run_steps}};

#define RUN_COUNT (sizeof(runs) / sizeof(runs[0]))

#endif
