#include "support/specification.h"

#include "support/fixture.h"

/* Four callers call four agents; all calls are set up `setup` seconds after the start, and hung up
 * `hangup` seconds after it. */
struct run {
    struct fixture f;
};

static void begin(struct run *run, const char *const *thresholds)
{
    fixture_init(&run->f, 4);
    for (; *thresholds; thresholds++)
        fixture_threshold(&run->f, *thresholds);
    fixture_run(&run->f);
}

static void at(struct run *run, double seconds)
{
    run->f.now_ns = FIXTURE_START + (int64_t)(seconds * 1e9);
}

static void set_up(struct run *run, uint32_t index)
{
    const uint32_t sides[2] = {fixture_agent(&run->f, index), fixture_caller(&run->f, index)};
    for (int i = 0; i < 2; i++)
        fixture_phase(&run->f, sides[i], PHASE_INCALL);
}

static void second_with(struct run *run, uint32_t who, uint32_t second, double mos, double lost)
{
    struct event event = fixture_second_event(who, DIRECTION_RECEIVE, second, mos);
    event.second.agreed = true;
    second_set(&event.second, READING_LOST, lost);
    fixture_event(&run->f, event);
}

/* A second of all eight, that ends now. */
static void all_with(struct run *run, uint32_t second, double mos)
{
    for (uint32_t who = 0; who < 8; who++)
        second_with(run, who, second, mos, 0);
}

static void end(struct run *run)
{
    for (uint32_t who = 0; who < 8; who++) {
        fixture_message(&run->f, who, who >= 4, "BYE", 0, "");
        fixture_good_call(&run->f, who, 100);
        fixture_outcome(&run->f, who, OUTCOME_SUCCESS, 0, "", "");
    }
    result_judge(run->f.result, run->f.now_ns);
}

static const struct judgement *judged(struct run *run, size_t index)
{
    return &run->f.result->judgements[index];
}

static void expect(struct run *run, size_t index, enum verdict verdict, double observed)
{
    const struct judgement *judgement = judged(run, index);
    if (judgement->verdict != verdict || !judgement->measured ||
        judgement->observed < observed - 1e-9 || judgement->observed > observed + 1e-9)
        fail_msg("%s: %s, %g (%s)", judgement->threshold->text, verdict_name(judgement->verdict),
                 judgement->observed, judgement->note);
}

/* Ten seconds of four calls: MOS 4 but for agents[1] with 2 in the seconds 3 and 4. */
static void ten_seconds(struct run *run)
{
    for (uint32_t i = 0; i < 4; i++)
        set_up(run, i);
    for (uint32_t second = 0; second < 10; second++) {
        at(run, second + 1.25);
        for (uint32_t who = 0; who < 8; who++)
            second_with(run, who, second, who == 1 && (second == 3 || second == 4) ? 2 : 4,
                        who == 1 && second == 3);
    }
    end(run);
}

static void statistics_are_those_of_the_header(void **state)
{
    static const char *const rows[] = {"receive.packets_lost.sum == 1", "receive.packets.rate > 1",
                                       "receive.mos.median >= 4",       "receive.mos.stddev < 1",
                                       "receive.mos.rate > 1/s",        NULL};
    struct run run;
    (void)state;
    begin(&run, rows);
    ten_seconds(&run);
    expect(&run, 0, VERDICT_PASS, 1);
    expect(&run, 1, VERDICT_PASS, 80 * 50 / 10.25);
    expect(&run, 2, VERDICT_PASS, 4);
    expect(&run, 3, VERDICT_PASS, 0.31224989991991992);
    expect(&run, 4, VERDICT_PASS, 80 / 10.25);
    fixture_fini(&run.f);
}

static void worst_endpoint_must_satisfy_it(void **state)
{
    static const char *const texts[] = {"receive.mos.avg >= 3.7 of worst endpoint",
                                        "receive.mos.avg >= 3.5 of worst endpoint",
                                        "receive.mos.avg >= 3.7 of 80% of endpoints",
                                        "receive.mos.avg >= 3.7 of 90% of endpoints",
                                        "receive.mos.avg >= 3.7 of worst endpoint in callers",
                                        NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    ten_seconds(&run);
    expect(&run, 0, VERDICT_FAIL, 3.6);
    assert_int_equal(judged(&run, 0)->worst_endpoint, 1);
    assert_int_equal(judged(&run, 0)->endpoints_ok, 7);
    assert_int_equal(judged(&run, 0)->endpoints_due, 8);
    assert_string_equal(judged(&run, 0)->part, "7 of 8 endpoints, worst agents[1]");
    expect(&run, 1, VERDICT_PASS, 3.6);
    expect(&run, 2, VERDICT_PASS, 4); /* one of eight may be bad */
    expect(&run, 3, VERDICT_FAIL, 3.6);
    expect(&run, 4, VERDICT_PASS, 4);
    fixture_fini(&run.f);
}

static void endpoint_without_a_sample_does_not_satisfy(void **state)
{
    static const char *const texts[] = {"receive.mos.avg >= 3 of worst endpoint",
                                        "receive.mos.avg >= 3 of 80% of endpoints", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    run.f.thresholds[0].min_coverage = 1;
    for (uint32_t i = 0; i < 4; i++)
        set_up(&run, i);
    at(&run, 1);
    for (uint32_t who = 1; who < 8; who++)
        second_with(&run, who, 0, 4, 0);
    end(&run);
    expect(&run, 0, VERDICT_FAIL, 4);
    assert_non_null(strstr(judged(&run, 0)->note, "1 endpoint gave no sample"));
    expect(&run, 1, VERDICT_PASS, 4);
    fixture_fini(&run.f);
}

static void worst_window_is_found(void **state)
{
    static const char *const texts[] = {"receive.mos.avg >= 3.8 during worst 2s",
                                        "receive.mos.avg >= 3.7 during worst 2s",
                                        "receive.mos.min >= 1 during worst 30s",
                                        "receive.packets.sum >= 800 during worst 2s",
                                        "receive.packets_lost.sum == 0 during worst 3s",
                                        "receive.mos.p10 >= 3 during worst 1s in agents",
                                        NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    ten_seconds(&run);
    expect(&run, 0, VERDICT_FAIL, 3.75);
    /* The second that ended at 4.25 has its middle at 3.75. */
    assert_true(judged(&run, 0)->from_ns == FIXTURE_START + 3 * FIXTURE_S);
    assert_true(judged(&run, 0)->to_ns == FIXTURE_START + 5 * FIXTURE_S);
    assert_string_equal(judged(&run, 0)->part, "3.0 s to 5.0 s");
    assert_int_equal(judged(&run, 0)->samples, 16);
    expect(&run, 1, VERDICT_PASS, 3.75);
    expect(&run, 2, VERDICT_PASS, 2); /* shorter than a window: all of it is one */
    expect(&run, 3, VERDICT_PASS, 800);
    expect(&run, 4, VERDICT_FAIL, 1);
    assert_true(judged(&run, 4)->from_ns == FIXTURE_START + 1 * FIXTURE_S);
    expect(&run, 5, VERDICT_FAIL, 2);
    fixture_fini(&run.f);
}

static void silent_window_counts_nothing(void **state)
{
    static const char *const texts[] = {"receive.mos.rate >= 1 during worst 2s",
                                        "receive.mos.avg >= 4 during worst 2s", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    for (uint32_t i = 0; i < 4; i++)
        set_up(&run, i);
    for (uint32_t second = 0; second < 20; second++) {
        at(&run, second + 1.5);
        if (second < 5 || second > 10)
            all_with(&run, second, 4);
    }
    end(&run);
    expect(&run, 0, VERDICT_FAIL, 0);
    expect(&run, 1, VERDICT_PASS, 4);
    fixture_fini(&run.f);
}

static void window_with_few_samples_is_not_looked_at(void **state)
{
    static const char *const texts[] = {"receive.mos.avg >= 3 during worst 1s",
                                        "receive.mos.avg >= 3 during worst 1s", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    run.f.thresholds[0].min_samples = 8;
    run.f.thresholds[1].min_samples = 9;
    for (uint32_t i = 0; i < 4; i++)
        set_up(&run, i);
    at(&run, 1.5);
    second_with(&run, 0, 0, 1, 0);
    for (uint32_t second = 1; second < 4; second++) {
        at(&run, second + 1.5);
        all_with(&run, second, 4);
    }
    end(&run);
    expect(&run, 0, VERDICT_PASS, 4);
    assert_int_equal(judged(&run, 1)->verdict, VERDICT_FAIL);
    assert_false(judged(&run, 1)->measured);
    fixture_fini(&run.f);
}

static void steady_begins_with_the_last_call_and_ends_with_the_first_bye(void **state)
{
    static const char *const texts[] = {"receive.mos.min >= 4 during steady",
                                        "receive.mos.min >= 4 during ramp",
                                        "receive.mos.count == 24 during steady",
                                        "receive.mos.min >= 4 during worst 2s of steady",
                                        "receive.mos.min >= 2",
                                        NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    for (uint32_t i = 0; i < 4; i++) {
        at(&run, 1 + i);
        set_up(&run, i);
        if (i < 3)
            all_with(&run, i, 3);
    }
    for (uint32_t second = 4; second < 7; second++) { /* middles at 4.6, 5.6, 6.6 */
        at(&run, second + 1.1);
        all_with(&run, second, 4);
    }
    at(&run, 7.2);
    fixture_message(&run.f, 4, true, "BYE", 0, "");
    at(&run, 8.2);
    all_with(&run, 7, 2.5);
    end(&run);
    expect(&run, 0, VERDICT_PASS, 4);
    assert_true(judged(&run, 0)->from_ns == FIXTURE_START + 4 * FIXTURE_S);
    assert_true(judged(&run, 0)->to_ns == FIXTURE_START + 7200 * FIXTURE_MS);
    expect(&run, 1, VERDICT_FAIL, 3);
    expect(&run, 2, VERDICT_PASS, 24);
    expect(&run, 3, VERDICT_PASS, 4);
    expect(&run, 4, VERDICT_PASS, 2.5);
    fixture_fini(&run.f);
}

static void without_a_steady_time_it_fails_and_says_why(void **state)
{
    static const char *const texts[] = {"receive.mos.min >= 1 during steady", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    at(&run, 1);
    set_up(&run, 0);
    at(&run, 2);
    all_with(&run, 0, 4);
    fixture_message(&run.f, 4, true, "BYE", 0, "");
    at(&run, 3);
    for (uint32_t i = 1; i < 4; i++)
        set_up(&run, i);
    at(&run, 4);
    end(&run);
    assert_int_equal(judged(&run, 0)->verdict, VERDICT_FAIL);
    assert_false(judged(&run, 0)->measured);
    assert_non_null(strstr(judged(&run, 0)->note, "hung up before all were set up"));
    fixture_fini(&run.f);
}

static void phase_is_that_of_the_endpoint(void **state)
{
    static const char *const texts[] = {"receive.mos.count == 2 during ringing",
                                        "receive.mos.count == 1 during incall",
                                        "receive.mos.count >= 1 during negotiating", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    at(&run, 0.1);
    fixture_phase(&run.f, 4, PHASE_RINGING);
    at(&run, 1.2);
    second_with(&run, 4, 0, 4, 0);
    at(&run, 2.2);
    second_with(&run, 4, 1, 4, 0);
    at(&run, 2.3);
    fixture_phase(&run.f, 4, PHASE_INCALL);
    at(&run, 3.2);
    second_with(&run, 4, 2, 4, 0);
    at(&run, 4);
    result_judge(run.f.result, run.f.now_ns);
    expect(&run, 0, VERDICT_PASS, 2);
    expect(&run, 1, VERDICT_PASS, 1);
    assert_int_equal(judged(&run, 2)->verdict, VERDICT_FAIL);
    assert_non_null(strstr(judged(&run, 2)->note, "none was in negotiating"));
    fixture_fini(&run.f);
}

static void silence_in_scope_fails_it(void **state)
{
    static const char *const texts[] = {"receive.mos.avg >= 3 during worst 2s",
                                        "receive.mos.avg >= 3 during steady", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    for (uint32_t i = 0; i < 4; i++)
        set_up(&run, i);
    for (uint32_t second = 0; second < 5; second++) {
        at(&run, second + 1.25);
        all_with(&run, second, 4);
    }
    struct event event = {.endpoint = 0, .kind = EVENT_SECOND};
    event.second = (struct event_second){
        .direction = DIRECTION_RECEIVE, .agreed = true, .second = 5, .length_ms = 1000};
    second_set(&event.second, READING_PACKETS, 0);
    at(&run, 6.25);
    fixture_event(&run.f, event);
    end(&run);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(judged(&run, i)->verdict, VERDICT_FAIL);
        assert_non_null(strstr(judged(&run, i)->note, "no RTP arrived in 1 of 33 seconds"));
    }
    fixture_fini(&run.f);
}

/* Its MOS is that of the seconds before its media stopped. */
static void endpoint_that_fell_silent_does_not_satisfy(void **state)
{
    static const char *const texts[] = {"receive.mos.avg >= 3 of worst endpoint",
                                        "receive.mos.avg >= 3 of 80% of endpoints",
                                        "receive.mos.avg >= 3 of 95% of endpoints", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    for (uint32_t i = 0; i < 4; i++)
        set_up(&run, i);
    for (uint32_t second = 0; second < 5; second++) {
        at(&run, second + 1.25);
        all_with(&run, second, 4);
    }
    struct event event = {.endpoint = 2, .kind = EVENT_SECOND};
    event.second = (struct event_second){
        .direction = DIRECTION_RECEIVE, .agreed = true, .second = 5, .length_ms = 1000};
    second_set(&event.second, READING_PACKETS, 0);
    at(&run, 6.25);
    fixture_event(&run.f, event);
    end(&run);
    expect(&run, 0, VERDICT_FAIL, 4);
    assert_int_equal(judged(&run, 0)->worst_endpoint, 2);
    assert_int_equal(judged(&run, 0)->endpoints_ok, 7);
    assert_string_equal(judged(&run, 0)->note,
                        "no RTP arrived at 1 endpoint for seconds, first 1 of 5 at agents[2]");
    expect(&run, 1, VERDICT_PASS, 4); /* one of eight may be bad */
    expect(&run, 2, VERDICT_FAIL, 4);
    fixture_fini(&run.f);
}

static void percentile_of_many_samples_is_within_its_error(void **state)
{
    static const char *const texts[] = {"receive.mos.p50 >= 1 of worst endpoint",
                                        "receive.mos.p5 >= 1 during worst 100s", NULL};
    struct run run;
    (void)state;
    begin(&run, texts);
    for (uint32_t i = 0; i < 4; i++)
        set_up(&run, i);
    for (uint32_t second = 0; second < 2000; second++) {
        at(&run, second + 1.25);
        all_with(&run, second, 1 + second / 1000.0);
    }
    end(&run);
    assert_true(judged(&run, 0)->observed > 1.999 * 0.998 &&
                judged(&run, 0)->observed < 1.999 * 1.002);
    assert_true(judged(&run, 1)->observed > 1.004 * 0.998 &&
                judged(&run, 1)->observed < 1.004 * 1.002);
    fixture_fini(&run.f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(statistics_are_those_of_the_header),
              cmocka_unit_test(worst_endpoint_must_satisfy_it),
              cmocka_unit_test(endpoint_without_a_sample_does_not_satisfy),
              cmocka_unit_test(worst_window_is_found),
              cmocka_unit_test(silent_window_counts_nothing),
              cmocka_unit_test(window_with_few_samples_is_not_looked_at),
              cmocka_unit_test(steady_begins_with_the_last_call_and_ends_with_the_first_bye),
              cmocka_unit_test(without_a_steady_time_it_fails_and_says_why),
              cmocka_unit_test(phase_is_that_of_the_endpoint),
              cmocka_unit_test(silence_in_scope_fails_it),
              cmocka_unit_test(endpoint_that_fell_silent_does_not_satisfy),
              cmocka_unit_test(percentile_of_many_samples_is_within_its_error))
/* clang-format on */
