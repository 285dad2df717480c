#include "support/specification.h"
#include "support/fixture.h"

static struct event *second(struct event *event, uint32_t who, uint32_t index, uint32_t packets)
{
    *event = fixture_second_event(who, DIRECTION_RECEIVE, index, 4.41);
    event->second.agreed = true;
    if (!packets)
        memset(event->second.known, 0, sizeof event->second.known);
    second_set(&event->second, READING_PACKETS, packets);
    return event;
}

/* A call whose caller hears `heard` of five seconds; its callee hears all. */
static void call(struct fixture *f, uint32_t index, uint32_t heard)
{
    const uint32_t sides[2] = {fixture_agent(f, index), fixture_caller(f, index)};
    struct event event;
    for (int i = 0; i < 2; i++) {
        fixture_registration(f, sides[i], 200, "OK");
        for (uint32_t at = 0; at < 5; at++)
            fixture_event(f, *second(&event, sides[i], at, i == 0 || at < heard ? 50 : 0));
        fixture_good_call(f, sides[i], 250);
        fixture_outcome(f, sides[i], OUTCOME_SUCCESS, 0, "", "");
    }
}

static void judge_with_one_call_that_hears(struct fixture *f, const char *threshold, uint32_t heard)
{
    fixture_init(f, 3);
    fixture_threshold(f, threshold);
    fixture_run(f);
    call(f, 0, 5);
    call(f, 1, heard);
    call(f, 2, 5);
    fixture_judge(f);
}

static void one_silent_call_among_good_ones_fails(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_one_call_that_hears(&f, "receive.mos.p5 >= 4", 0);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_string_equal(f.result->judgements[0].note,
                        "1 of 6 endpoints in a call gave no sample, first callers[1]");
    assert_non_null(strstr(f.result->why, "callers[1]"));
    fixture_fini(&f);
}

static void media_that_stops_in_mid_call_fails(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_one_call_that_hears(&f, "receive.mos.p5 >= 4", 2);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_string_equal(f.result->judgements[0].note,
                        "no RTP arrived in 3 of 24 seconds of media, first at callers[1]");
    fixture_fini(&f);
}

static void media_that_never_stops_passes(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_one_call_that_hears(&f, "receive.mos.p5 >= 4", 5);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    assert_string_equal(f.result->judgements[0].note, "");
    fixture_fini(&f);
}

/* A call of 8 s, of which the caller sends `sent` and its callee hears `heard`. */
static void judge_with_a_caller_that_sends(struct fixture *f, uint32_t sent, uint32_t heard,
                                           int64_t teardown_ns)
{
    struct event event;
    fixture_init(f, 1);
    fixture_threshold(f, "receive.mos.p5 >= 4");
    fixture_run(f);
    uint32_t caller = fixture_caller(f, 0), callee = fixture_agent(f, 0);
    fixture_registration(f, caller, 200, "OK");
    fixture_registration(f, callee, 200, "OK");
    for (uint32_t at = 0; at < 8; at++) {
        fixture_event(f, *second(&event, caller, at, 50));
        f->now_ns += FIXTURE_S;
        fixture_event(f, *second(&event, callee, at, at < heard ? 50 : 0));
        event = fixture_second_event(caller, DIRECTION_SEND, at, 4.41);
        event.second.agreed = at < sent;
        fixture_event(f, event);
    }
    fixture_good_call(f, callee, 250);
    fixture_good_call(f, caller, 250);
    f->result->endpoints[caller].call.teardown_ns = teardown_ns;
    fixture_outcome(f, callee, OUTCOME_SUCCESS, 0, "", "");
    fixture_outcome(f, caller, OUTCOME_SUCCESS, 0, "", "");
    fixture_judge(f);
}

/* A BYE takes as long as the servers between, and this machine, take for it. */
static void side_that_hung_up_owes_no_media_until_the_other_hears_of_it(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_a_caller_that_sends(&f, 4, 4, 3900 * FIXTURE_MS);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    assert_int_equal(result_silent_behind(f.result, fixture_agent(&f, 0)), 4);
    assert_int_equal(f.result->diagnosis_count, 0);
    fixture_fini(&f);
    judge_with_a_caller_that_sends(&f, 6, 4, 3900 * FIXTURE_MS);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_non_null(strstr(f.result->judgements[0].note, "no RTP arrived in 2 of"));
    fixture_fini(&f);
}

/* A server that ends one side of a call only has taken the media of the other. */
static void side_whose_partner_was_hung_up_on_is_owed_media(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_a_caller_that_sends(&f, 4, 4, EVENT_NONE);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    fixture_fini(&f);
}

static void silence_that_was_agreed_is_none(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "receive.mos.p5 >= 4");
    fixture_run(&f);
    call(&f, 0, 5);
    struct event held;
    second(&held, fixture_caller(&f, 0), 5, 0);
    held.second.agreed = false;
    fixture_event(&f, held);
    fixture_judge(&f);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    fixture_fini(&f);
}

static void shares_count_every_call_by_themselves(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_one_call_that_hears(&f, "calls.success_rate >= 100%", 0);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    fixture_fini(&f);
}

static void judge_with_settings(struct fixture *f, double coverage, uint64_t samples)
{
    fixture_init(f, 3);
    fixture_threshold(f, "receive.mos.p5 >= 4");
    f->thresholds[0].min_coverage = coverage;
    f->thresholds[0].min_samples = samples;
    fixture_run(f);
    call(f, 0, 5);
    call(f, 1, 0);
    call(f, 2, 5);
    fixture_judge(f);
}

static void as_much_may_be_missing_as_the_threshold_says(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_settings(&f, 0.8, 0); /* 1 of 6 endpoints and 4 of 24 seconds are missing */
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    fixture_fini(&f);
    judge_with_settings(&f, 0.84, 0);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    fixture_fini(&f);
}

static void too_few_samples_fail(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_settings(&f, 0, 25);
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    fixture_fini(&f);
    judge_with_settings(&f, 0, 26);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_string_equal(f.result->judgements[0].note, "25 samples, and at least 26 are needed");
    fixture_fini(&f);
}

static void time_that_only_the_callee_can_tell_is_told_of_the_call(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "teardown_time.max < 1s");
    fixture_run(&f);
    struct event caller = fixture_call_event(fixture_caller(&f, 0), 200, "OK");
    caller.call.counted = caller.call.established = caller.call.completed = true;
    struct event callee = fixture_call_event(fixture_agent(&f, 0), 200, "OK");
    callee.call.established = callee.call.completed = true;
    callee.call.teardown_ns = 4 * FIXTURE_MS;
    fixture_event(&f, caller);
    fixture_event(&f, callee);
    for (uint32_t i = 0; i < 2; i++)
        fixture_outcome(&f, i, OUTCOME_SUCCESS, 0, "", "");
    fixture_judge(&f);
    assert_string_equal(f.result->judgements[0].note, "");
    assert_int_equal(f.result->verdict, VERDICT_PASS);
    fixture_fini(&f);
}

static void good_call_owes_no_time_to_its_failure(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 2);
    fixture_threshold(&f, "failed_call_time.max < 1s");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4);
    struct event refused = fixture_call_event(fixture_caller(&f, 1), 486, "Busy Here");
    refused.call.failed_ns = 20 * FIXTURE_MS;
    fixture_event(&f, refused);
    fixture_judge(&f);
    assert_int_equal(f.result->judgements[0].verdict, VERDICT_PASS);
    assert_int_equal(f.result->judgements[0].due, 1);
    fixture_fini(&f);
}

static void what_is_missing_beside_rtp_does_not_blame_its_path(void **state)
{
    struct fixture f;
    (void)state;
    judge_with_one_call_that_hears(&f, "receive.rtt.p95 < 50ms", 5);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_non_null(strstr(f.result->why, "media ran, but nothing told this figure"));
    assert_non_null(strstr(f.result->try_next, "RTP came"));
    assert_non_null(strstr(f.result->try_next, "receive.rtcp_packets"));
    fixture_fini(&f);
}

SPECIFICATION(cmocka_unit_test(one_silent_call_among_good_ones_fails),
              cmocka_unit_test(media_that_stops_in_mid_call_fails),
              cmocka_unit_test(media_that_never_stops_passes),
              cmocka_unit_test(side_that_hung_up_owes_no_media_until_the_other_hears_of_it),
              cmocka_unit_test(side_whose_partner_was_hung_up_on_is_owed_media),
              cmocka_unit_test(silence_that_was_agreed_is_none),
              cmocka_unit_test(shares_count_every_call_by_themselves),
              cmocka_unit_test(as_much_may_be_missing_as_the_threshold_says),
              cmocka_unit_test(too_few_samples_fail),
              cmocka_unit_test(time_that_only_the_callee_can_tell_is_told_of_the_call),
              cmocka_unit_test(what_is_missing_beside_rtp_does_not_blame_its_path),
              cmocka_unit_test(good_call_owes_no_time_to_its_failure))
