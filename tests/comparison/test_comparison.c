#include "cmtest/comparison.h"

#include <math.h>
#include "cmtest/random.h"
#include "support/fixture.h"
#include "support/specification.h"

/* A run of so many calls of 3 s, whose streams lose, jitter and take their time by chance. */
struct weather {
    uint32_t calls;
    double loss;      /* share of packets */
    double jitter_ms; /* mean */
    double dial_ms;   /* mean of post_dial_delay */
    uint32_t refused; /* calls */
    int64_t late_ns;  /* p99 of our own sending */
    bool wide, no_media, crushed, waiting;
};

struct told {
    struct fixture fixture;
    struct comparison_run *run;
};

static void tell(struct told *told, struct event event)
{
    result_event(told->fixture.result, &event);
    comparison_run_event(told->run, &event);
}

static void tell_second(struct told *told, struct random *random, const struct weather *weather,
                        uint32_t who, uint32_t second)
{
    struct event event = fixture_second_event(who, DIRECTION_RECEIVE, second, 4.4);
    double lost = 0;
    for (int i = 0; i < 50; i++)
        lost += random_unit(random) < weather->loss;
    second_set(&event.second, READING_LOST, lost);
    second_set(&event.second, READING_PACKET_LOSS, 2 * lost);
    second_set(&event.second, READING_MOS, 4.4 - lost * 0.1);
    second_set(&event.second, READING_JITTER, weather->jitter_ms * (0.5 + random_unit(random)));
    event.second.scale = weather->wide ? EMODEL_WIDE : EMODEL_NARROW;
    tell(told, event);
}

static void tell_call(struct told *told, struct random *random, const struct weather *weather,
                      uint32_t index)
{
    const uint32_t sides[2] = {fixture_agent(&told->fixture, index),
                               fixture_caller(&told->fixture, index)};
    bool refused = index < weather->refused;
    for (int i = 0; i < 2; i++) {
        for (uint32_t second = 0; second < 3 && !refused && !weather->no_media; second++)
            tell_second(told, random, weather, sides[i], second);
        struct event call = fixture_call_event(sides[i], refused ? 503 : 200, "");
        call.call.counted = i == 1;
        call.call.result = refused ? CALL_UNAVAILABLE : CALL_ANSWERED;
        call.call.established = call.call.completed = !refused;
        call.call.pdd_ns =
            i == 1 ? (int64_t)(weather->dial_ms * (0.8 + 0.4 * random_unit(random)) * 1e6)
                   : EVENT_NONE;
        tell(told, call);
        struct event outcome = {.endpoint = sides[i], .kind = EVENT_OUTCOME};
        outcome.outcome.outcome = refused ? OUTCOME_CALL_FAILED : OUTCOME_SUCCESS;
        tell(told, outcome);
    }
}

static void tell_run(struct told *told, struct random *random, const struct weather *weather,
                     const char *name)
{
    fixture_init(&told->fixture, weather->calls);
    fixture_run(&told->fixture);
    told->run = comparison_run_new(&told->fixture.roster, name);
    for (uint32_t i = 0; i < weather->calls; i++)
        tell_call(told, random, weather, i);
    struct event pacing = {.endpoint = ROSTER_NONE, .kind = EVENT_PACING};
    pacing.pacing = (struct event_pacing){.packets = 1000,
                                          .over_20ms = weather->crushed ? 100 : 0,
                                          .p50_ns = 1000,
                                          .p99_ns = weather->late_ns,
                                          .max_ns = weather->late_ns};
    tell(told, pacing);
    struct event health = {.endpoint = ROSTER_NONE, .kind = EVENT_HEALTH};
    health.health = (struct event_health){.thread = "signalling",
                                          .length_ns = FIXTURE_S,
                                          .cpu_ns = EVENT_NONE,
                                          .waited_ns = weather->waiting ? FIXTURE_S / 20 : 1000,
                                          .process_ns = EVENT_NONE,
                                          .lag_p99_ns = 60000,
                                          .lag_max_ns = 90000};
    tell(told, health);
    fixture_judge(&told->fixture);
    comparison_run_end(told->run, told->fixture.result);
}

static void forget(struct told *told)
{
    comparison_run_free(told->run);
    fixture_fini(&told->fixture);
}

#define RUNS_MAX 4

struct pair {
    struct told base[RUNS_MAX], next[RUNS_MAX];
    size_t runs;
    struct comparison_report *report;
};

static void compare_runs(struct pair *pair, uint64_t seed, size_t runs, struct weather base,
                         struct weather next, const struct comparison_options *options)
{
    const struct comparison_run *a[RUNS_MAX], *b[RUNS_MAX];
    struct random random;
    random_init(&random, seed);
    pair->runs = runs;
    for (size_t i = 0; i < runs; i++) {
        tell_run(&pair->base[i], &random, &base, "a");
        tell_run(&pair->next[i], &random, &next, "b");
        a[i] = pair->base[i].run;
        b[i] = pair->next[i].run;
    }
    pair->report = comparison_new(a, runs, b, runs, options);
}

static void compare(struct pair *pair, uint64_t seed, struct weather base, struct weather next)
{
    struct comparison_options options = {0};
    compare_runs(pair, seed, 1, base, next, &options);
}

static void end(struct pair *pair)
{
    comparison_free(pair->report);
    for (size_t i = 0; i < pair->runs; i++) {
        forget(&pair->base[i]);
        forget(&pair->next[i]);
    }
}

static const struct comparison_line *line(const struct pair *pair, const char *name)
{
    struct metric_key key;
    assert_true(metric_key_find(name, strlen(name), &key));
    for (size_t i = 0; i < pair->report->line_count; i++)
        if (pair->report->lines[i].key.metric == key.metric &&
            pair->report->lines[i].key.direction == key.direction)
            return &pair->report->lines[i];
    fail_msg("there is no line of %s", name);
    return NULL;
}

static const struct weather fine = {
    .calls = 20, .loss = 0, .jitter_ms = 0.4, .dial_ms = 50, .late_ns = 100000};

static void one_percent_of_loss_is_worse_every_time(void **state)
{
    struct weather lossy = fine;
    lossy.loss = 0.01;
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct pair pair;
        compare(&pair, seed, fine, lossy);
        assert_int_equal(pair.report->word, COMPARISON_WORSE);
        assert_int_equal(comparison_exit_code(pair.report), 1);
        assert_int_equal(line(&pair, "receive.packet_loss")->word, COMPARISON_WORSE);
        end(&pair);
    }
}

static void what_was_lossy_and_is_not_is_better(void **state)
{
    struct weather lossy = fine;
    struct pair pair;
    lossy.loss = 0.02;
    (void)state;
    compare(&pair, 1, lossy, fine);
    assert_int_equal(pair.report->word, COMPARISON_BETTER);
    assert_int_equal(line(&pair, "receive.packet_loss")->word, COMPARISON_BETTER);
    assert_int_equal(line(&pair, "receive.mos")->word, COMPARISON_BETTER);
    assert_int_equal(comparison_exit_code(pair.report), 0);
    end(&pair);
}

static void runs_without_a_change_are_hardly_ever_worse(void **state)
{
    struct weather weather = fine;
    unsigned alarms = 0;
    (void)state;
    weather.calls = 10;
    weather.loss = 0.01;
    for (uint64_t seed = 100; seed < 150; seed++) {
        struct pair pair;
        compare(&pair, seed, weather, weather);
        alarms += pair.report->word == COMPARISON_WORSE;
        end(&pair);
    }
    assert_in_range(alarms, 0, 3); /* 5% of 50, rounded up */
}

static void a_certain_difference_within_the_margin_is_the_same(void **state)
{
    struct weather slower = fine;
    struct pair pair;
    (void)state;
    slower.dial_ms = 53;
    slower.calls = 400;
    struct weather base = slower;
    base.dial_ms = 50;
    compare(&pair, 2, base, slower);
    const struct comparison_line *found = line(&pair, "post_dial_delay");
    assert_true(found->corrected < 0.001);
    assert_int_equal(found->word, COMPARISON_SAME);
    end(&pair);
}

static void a_margin_of_ones_own_replaces_the_usual_one(void **state)
{
    struct weather slower = fine;
    struct pair pair;
    struct comparison_margin margin = {.value = 1};
    struct comparison_options options = {.margins = &margin, .margin_count = 1};
    (void)state;
    assert_true(metric_key_find("post_dial_delay", 15, &margin.key));
    slower.dial_ms = 53;
    slower.calls = 400;
    struct weather base = slower;
    base.dial_ms = 50;
    compare_runs(&pair, 2, 1, base, slower, &options);
    assert_int_equal(line(&pair, "post_dial_delay")->word, COMPARISON_WORSE);
    end(&pair);
}

static void our_own_timing_says_worse_only_when_asked(void **state)
{
    struct weather shaky = fine;
    struct pair pair;
    struct comparison_options options = {.include_own_timing = true};
    (void)state;
    shaky.jitter_ms = 8;
    compare(&pair, 3, fine, shaky);
    const struct comparison_line *found = line(&pair, "receive.jitter");
    assert_int_equal(found->word, COMPARISON_CANNOT_TELL);
    assert_non_null(strstr(found->note, "own timing"));
    assert_int_equal(comparison_exit_code(pair.report), 0);
    end(&pair);
    compare_runs(&pair, 3, 1, fine, shaky, &options);
    assert_int_equal(line(&pair, "receive.jitter")->word, COMPARISON_WORSE);
    end(&pair);
}

/* 8 ms late: neither the time of calls nor a MOS that forgets late packets proves anything. Losses
 * still do. */
static void a_late_machine_makes_nothing_worse_but_losses(void **state)
{
    struct weather late = fine;
    struct pair pair;
    (void)state;
    late.late_ns = 8000000;
    late.dial_ms = 90;
    compare(&pair, 4, fine, late);
    assert_int_not_equal(pair.report->word, COMPARISON_WORSE);
    assert_int_equal(line(&pair, "post_dial_delay")->word, COMPARISON_CANNOT_TELL);
    end(&pair);
    late.loss = 0.02;
    compare(&pair, 4, fine, late);
    assert_int_equal(line(&pair, "receive.packet_loss")->word, COMPARISON_WORSE);
    assert_int_equal(line(&pair, "receive.mos")->word, COMPARISON_CANNOT_TELL);
    end(&pair);
}

/* A thread that signals waited for a CPU 5% of the time: what a call took is no longer the server's
 * alone, whatever the media thread got. */
static void times_prove_nothing_where_signalling_waited(void **state)
{
    struct weather waiting = fine;
    struct pair pair;
    (void)state;
    waiting.dial_ms = 90;
    compare(&pair, 15, fine, waiting);
    assert_int_equal(line(&pair, "post_dial_delay")->word, COMPARISON_WORSE);
    end(&pair);
    waiting.waiting = true;
    compare(&pair, 15, fine, waiting);
    assert_int_equal(line(&pair, "post_dial_delay")->word, COMPARISON_CANNOT_TELL);
    assert_int_equal(comparison_exit_code(pair.report), 0);
    end(&pair);
}

static void refused_calls_are_counted_as_shares(void **state)
{
    struct weather refusing = fine;
    struct pair pair;
    (void)state;
    refusing.refused = 14;
    compare(&pair, 5, fine, refusing);
    const struct comparison_line *found = line(&pair, "calls.success_rate");
    assert_int_equal(found->word, COMPARISON_WORSE);
    assert_int_equal(found->test, TEST_SHARES);
    assert_true(fabs(found->next - 30) < 1e-9);
    assert_int_equal(found->next_units, 20);
    end(&pair);
}

static void three_calls_are_too_few(void **state)
{
    struct weather few = fine, lossy = fine;
    struct pair pair;
    (void)state;
    few.calls = lossy.calls = 3;
    lossy.loss = 0.05;
    compare(&pair, 6, few, lossy);
    assert_int_equal(pair.report->word, COMPARISON_CANNOT_TELL);
    assert_int_equal(comparison_exit_code(pair.report), 5);
    assert_non_null(strstr(line(&pair, "receive.packet_loss")->note, "too few"));
    end(&pair);
}

static void another_scale_is_not_compared(void **state)
{
    struct weather wide = fine;
    struct pair pair;
    (void)state;
    wide.wide = true;
    wide.loss = 0.05;
    compare(&pair, 7, fine, wide);
    assert_int_equal(line(&pair, "receive.mos")->word, COMPARISON_CANNOT_TELL);
    assert_non_null(strstr(line(&pair, "receive.mos")->note, "scale"));
    end(&pair);
}

static void what_has_no_sample_in_new_is_said(void **state)
{
    struct weather silent = fine;
    struct pair pair;
    (void)state;
    silent.no_media = true;
    compare(&pair, 8, fine, silent);
    const struct comparison_line *found = line(&pair, "receive.packet_loss");
    assert_int_equal(found->word, COMPARISON_CANNOT_TELL);
    assert_string_equal(found->note, "there is no sample in NEW");
    end(&pair);
}

static void a_run_that_proves_nothing_makes_all_unknown(void **state)
{
    struct weather crushed = fine;
    struct pair pair;
    (void)state;
    crushed.loss = 0.05;
    crushed.crushed = true;
    compare(&pair, 9, fine, crushed);
    assert_int_equal(pair.report->word, COMPARISON_CANNOT_TELL);
    assert_int_equal(comparison_exit_code(pair.report), 5);
    assert_non_null(strstr(pair.report->why, "NEW b is inconclusive"));
    assert_int_equal(pair.report->counts[COMPARISON_WORSE], 0);
    end(&pair);
}

static void three_runs_a_side_are_compared_as_runs(void **state)
{
    struct weather lossy = fine;
    struct pair pair;
    struct comparison_options options = {0};
    (void)state;
    lossy.loss = 0.02;
    compare_runs(&pair, 10, 3, fine, lossy, &options);
    assert_true(pair.report->over_runs);
    const struct comparison_line *found = line(&pair, "receive.packet_loss");
    assert_int_equal(found->test, TEST_RUNS);
    assert_int_equal(found->base_units, 3);
    assert_int_equal(found->word, COMPARISON_WORSE);
    end(&pair);
    compare_runs(&pair, 11, 3, lossy, lossy, &options);
    assert_int_not_equal(pair.report->word, COMPARISON_WORSE);
    end(&pair);
}

/* Two runs a side cannot prove anything at 5% by themselves: their calls are taken together, and
 * how far runs of one side lie apart is the least that means something. */
static void the_spread_of_runs_is_a_margin(void **state)
{
    struct weather calm = fine, slow = fine;
    const struct comparison_run *a[2], *b[2];
    struct told told[4];
    struct random random;
    struct comparison_options options = {0};
    (void)state;
    random_init(&random, 12);
    slow.dial_ms = 90;
    tell_run(&told[0], &random, &calm, "a1");
    tell_run(&told[1], &random, &slow, "a2");
    tell_run(&told[2], &random, &slow, "b1");
    tell_run(&told[3], &random, &slow, "b2");
    for (int i = 0; i < 2; i++) {
        a[i] = told[i].run;
        b[i] = told[2 + i].run;
    }
    struct comparison_report *report = comparison_new(a, 2, b, 2, &options);
    struct pair pair = {.report = report};
    assert_false(report->over_runs);
    assert_true(line(&pair, "post_dial_delay")->margin > 30);
    assert_int_not_equal(line(&pair, "post_dial_delay")->word, COMPARISON_WORSE);
    comparison_free(report);
    for (int i = 0; i < 4; i++)
        forget(&told[i]);
}

static void groups_have_lines_of_their_own(void **state)
{
    struct pair pair;
    struct comparison_options options = {.by_group = true};
    (void)state;
    compare_runs(&pair, 13, 1, fine, fine, &options);
    size_t agents = 0, callers = 0;
    for (size_t i = 0; i < pair.report->line_count; i++) {
        agents += strcmp(pair.report->lines[i].group, "agents") == 0;
        callers += strcmp(pair.report->lines[i].group, "callers") == 0;
    }
    assert_true(agents > 5 && callers > agents);
    end(&pair);
}

static void other_rosters_are_warned_of(void **state)
{
    struct weather more = fine;
    struct pair pair;
    (void)state;
    more.calls = 25;
    compare(&pair, 14, fine, more);
    assert_true(pair.report->warning_count > 0);
    assert_string_equal(pair.report->warnings[0], "the endpoints differ: 40 in a, 50 in b");
    end(&pair);
}

SPECIFICATION(cmocka_unit_test(one_percent_of_loss_is_worse_every_time),
              cmocka_unit_test(what_was_lossy_and_is_not_is_better),
              cmocka_unit_test(runs_without_a_change_are_hardly_ever_worse),
              cmocka_unit_test(a_certain_difference_within_the_margin_is_the_same),
              cmocka_unit_test(a_margin_of_ones_own_replaces_the_usual_one),
              cmocka_unit_test(our_own_timing_says_worse_only_when_asked),
              cmocka_unit_test(a_late_machine_makes_nothing_worse_but_losses),
              cmocka_unit_test(times_prove_nothing_where_signalling_waited),
              cmocka_unit_test(refused_calls_are_counted_as_shares),
              cmocka_unit_test(three_calls_are_too_few),
              cmocka_unit_test(another_scale_is_not_compared),
              cmocka_unit_test(what_has_no_sample_in_new_is_said),
              cmocka_unit_test(a_run_that_proves_nothing_makes_all_unknown),
              cmocka_unit_test(three_runs_a_side_are_compared_as_runs),
              cmocka_unit_test(the_spread_of_runs_is_a_margin),
              cmocka_unit_test(groups_have_lines_of_their_own),
              cmocka_unit_test(other_rosters_are_warned_of))
