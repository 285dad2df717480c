/* A run of which only figures are known: what is judged by them, and what has no data. */
#include "support/specification.h"

#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/result.h"

static const struct roster_group groups[] = {
    {.name = "agents", .first = 0, .count = 1},
    {.name = "callers", .target = "agents", .first = 1, .count = 1},
};
static const struct roster_endpoint endpoints[] = {
    {.group = 0, .index = 0, .partner = 1, .role = ROLE_CALLEE},
    {.group = 1, .index = 0, .partner = 0, .role = ROLE_CALLER},
};
static const struct roster roster = {.groups = groups,
                                     .group_count = 2,
                                     .endpoints = endpoints,
                                     .endpoint_count = 2,
                                     .planned_calls = 1};

static struct event figure(const char *metric, const char *direction, const char *group,
                           const char *statistic, double value)
{
    struct event event = {.endpoint = ROSTER_NONE, .kind = EVENT_FIGURE};
    strcpy(event.figure.metric, metric);
    strcpy(event.figure.direction, direction);
    strcpy(event.figure.group, group);
    strcpy(event.figure.statistic, statistic);
    event.figure.value = value;
    event.figure.samples = 10;
    return event;
}

/* The judgement of one threshold when this one figure was told. */
static struct judgement judge(const char *line, struct event told, bool partial)
{
    struct arena *arena = arena_new();
    struct threshold *threshold = arena_alloc(arena, sizeof *threshold);
    struct threshold_error error;
    struct event remote = {.endpoint = ROSTER_NONE, .kind = EVENT_REMOTE};
    assert_true(threshold_parse(line, arena, threshold, &error));
    remote.remote.partial = partial;
    struct result *result = result_new(&roster, threshold, 1, 1, 0);
    result_event(result, &told);
    result_event(result, &remote);
    result_judge(result, 1);
    struct judgement judgement = result->judgements[0];
    assert_int_equal(result->verdict, judgement.verdict);
    assert_int_equal(result->diagnosis_count, 0);
    assert_int_equal(result->outcome_counts[OUTCOME_SUCCESS], 0);
    result_free(result);
    arena_free(arena);
    return judgement;
}

static void a_figure_of_the_same_metric_decides(void **state)
{
    (void)state;
    struct event mos = figure("mos", "receive", "", "avg", 4.2);
    assert_int_equal(judge("receive.mos.avg >= 4", mos, true).verdict, VERDICT_PASS);
    struct judgement fails = judge("receive.mos.avg >= 4.3", mos, true);
    assert_int_equal(fails.verdict, VERDICT_FAIL);
    assert_true(fails.measured && fails.observed == 4.2 && fails.samples == 10);
}

static void a_metric_has_the_key_of_callmeter_too(void **state)
{
    (void)state;
    struct event jitter = figure("jitter_ms", "receive", "callers", "p95", 3);
    assert_int_equal(judge("receive.jitter.p95 < 4ms in callers", jitter, true).verdict,
                     VERDICT_PASS);
}

static void any_other_figure_is_no_data(void **state)
{
    (void)state;
    struct event mos = figure("mos", "receive", "", "avg", 4.2);
    static const char *const others[] = {"receive.mos.min >= 1",
                                         "receive.mos.p5 >= 1",
                                         "send.mos.avg >= 1",
                                         "receive.mos.avg >= 1 in callers",
                                         "receive.mos.avg >= 1 during worst 2s",
                                         "receive.mos.avg >= 1 of worst endpoint",
                                         "receive.jitter.avg < 9s",
                                         "calls.success_rate >= 0%"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct judgement judgement = judge(others[i], mos, true);
        if (judgement.verdict != VERDICT_FAIL || judgement.measured)
            fail_msg("%s", others[i]);
        assert_non_null(strstr(judgement.note, "no sample"));
    }
}

static void a_share_outside_of_it_is_none(void **state)
{
    (void)state;
    struct event share = figure("calls.success_rate", "", "", "value", 100);
    struct judgement passes = judge("calls.success_rate >= 99%", share, true);
    assert_int_equal(passes.verdict, VERDICT_PASS);
    assert_true(passes.numerator == 10 && passes.denominator == 10);
    share.figure.value = 5000;
    assert_false(judge("calls.success_rate >= 99%", share, true).measured);
}

static void without_figures_nothing_passes(void **state)
{
    (void)state;
    struct event none = figure("", "", "", "", 0);
    assert_int_equal(judge("calls.success_rate >= 0%", none, true).verdict, VERDICT_FAIL);
}

SPECIFICATION(cmocka_unit_test(a_figure_of_the_same_metric_decides),
              cmocka_unit_test(a_metric_has_the_key_of_callmeter_too),
              cmocka_unit_test(any_other_figure_is_no_data),
              cmocka_unit_test(a_share_outside_of_it_is_none),
              cmocka_unit_test(without_figures_nothing_passes))
