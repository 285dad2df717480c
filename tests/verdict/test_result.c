#include "support/specification.h"

#include <stdio.h>
#include <string.h>
#include "support/fixture.h"

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

static const struct judgement *judged(const struct fixture *fixture, size_t index)
{
    return &fixture->result->judgements[index];
}

static void assert_verdict(const struct fixture *fixture, enum verdict verdict, int exit_code)
{
    assert_string_equal(verdict_name(fixture->result->verdict), verdict_name(verdict));
    assert_int_equal(result_exit_code(fixture->result), exit_code);
}

static void good_run_passes_without_a_reason(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 3);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_threshold(&f, "receive.mos.p5 >= 4.4");
    fixture_threshold(&f, "call.packets_received.min >= 100");
    fixture_threshold(&f, "post_dial_delay.p95 < 2s");
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 3; i++)
        fixture_whole_call(&f, i, 4.41);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_PASS, 0);
    assert_string_equal(f.result->why, "");
    assert_string_equal(f.result->try_next, "");
    assert_int_equal(judged(&f, 0)->numerator, 3);
    assert_int_equal(judged(&f, 0)->denominator, 3);
    assert_int_equal(judged(&f, 1)->samples, 12);
    assert_int_equal(judged(&f, 1)->covered, 6);
    assert_int_equal(judged(&f, 1)->due, 6);
    assert_int_equal(judged(&f, 3)->due, 3);
    assert_int_equal(judged(&f, 3)->covered, 3);
    assert_int_equal(f.result->outcome_counts[OUTCOME_SUCCESS], 6);
    fixture_fini(&f);
}

static void wrong_password_fails_and_names_code_group_endpoint_and_account(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 10);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 10; i++) {
        if (i == 3)
            fixture_wrong_password(&f, i);
        else
            fixture_whole_call(&f, i, 4.41);
    }
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_string_equal(
        f.result->why,
        "1 of 20 endpoints ended REGISTRATION_FAILED with 401 Unauthorized from "
        "127.0.0.1:5060/udp, group callers. The user name or password is wrong "
        "for realm example.com. Others registered there, so it is this account. First: "
        "callers[3], account sip:1014@example.com.");
    assert_says(f.result->try_next, "password of sip:1014@example.com");
    assert_true(judged(&f, 0)->observed == 95);
    fixture_fini(&f);
}

static void unanswered_registrations_are_an_error_that_names_address_and_port(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 2);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 4; i++) {
        fixture_registration(&f, i, 0, "");
        fixture_outcome(&f, i, OUTCOME_REGISTRATION_FAILED, 0, "", "no answer within 32 s");
    }
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_ERROR, 4);
    assert_says(f.result->why, "No registration was answered.");
    assert_says(f.result->why, "All 4 endpoints ended REGISTRATION_FAILED without an answer from "
                               "127.0.0.1:5060/udp.");
    assert_says(f.result->try_next, "127.0.0.1:5060/udp");
    assert_says(f.result->try_next, "firewall");
    fixture_fini(&f);
}

static void one_answered_registration_makes_it_a_failure(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "registration.success_rate >= 100%");
    fixture_run(&f);
    fixture_registration(&f, 0, 200, "OK");
    fixture_outcome(&f, 0, OUTCOME_SUCCESS, 0, "", "");
    fixture_registration(&f, 1, 0, "");
    fixture_outcome(&f, 1, OUTCOME_REGISTRATION_FAILED, 0, "", "");
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_says(f.result->why, "without an answer from 127.0.0.1:5060/udp");
    assert_says(f.result->try_next, "look for the REGISTER of sip:1002@example.com");
    fixture_fini(&f);
}

static void no_data_never_passes(void **state)
{
    static const char *const thresholds[] = {
        "receive.mos.p5 >= 1",       "receive.packet_loss.max < 1%", "receive.mos.count < 5",
        "send.rtt.max != 5ms",       "post_dial_delay.max < 9s",     "call_duration.max < 9m",
        "registration.time.max < 9s"};
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    for (size_t i = 0; i < 7; i++)
        fixture_threshold(&f, thresholds[i]);
    fixture_run(&f);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(judged(&f, i)->verdict, VERDICT_FAIL);
        assert_false(judged(&f, i)->measured);
        assert_says(judged(&f, i)->note, "no sample: no ");
    }
    assert_string_equal(judged(&f, 0)->note, "no sample: no call was established");
    assert_string_equal(judged(&f, 4)->note, "no sample: no call got that far");
    assert_string_equal(judged(&f, 6)->note, "no sample: no registration was accepted");
    fixture_fini(&f);
}

static void established_call_without_media_says_so(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "receive.mos.p5 >= 3.8");
    fixture_run(&f);
    for (uint32_t i = 0; i < 2; i++) {
        struct event media = {.endpoint = i, .kind = EVENT_MEDIA};
        media.media = (struct event_media){"pcma", 8, 20, "10.0.0.1:40000", "10.9.9.9:5004", ""};
        fixture_registration(&f, i, 200, "OK");
        fixture_event(&f, media);
        fixture_good_call(&f, i, 0);
        fixture_outcome(&f, i, OUTCOME_SUCCESS, 0, "", "");
    }
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_string_equal(f.result->why, "receive.mos.p5 >= 3.8: no sample: no call reached media.");
    assert_says(f.result->try_next, "10.9.9.9:5004");
    assert_int_equal(judged(&f, 0)->due, 2);
    fixture_fini(&f);
}

static void missed_figure_names_the_worst_endpoint(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 3);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_threshold(&f, "receive.mos.p5 >= 3.8 in callers");
    fixture_run(&f);
    for (uint32_t i = 0; i < 3; i++)
        fixture_whole_call(&f, i, i == 1 ? 3.1 : 4.41);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_string_equal(f.result->why,
                        "receive.mos.p5 >= 3.8 in callers: it was 3.10. Worst: group callers, "
                        "callers[1], Call-ID 7f3c0004@example.com, with a mean of 3.10, narrow "
                        "band.");
    assert_int_equal(judged(&f, 1)->samples, 6);
    assert_int_equal(judged(&f, 1)->due, 3);
    fixture_fini(&f);
}

static void biggest_cluster_comes_first(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 6);
    fixture_threshold(&f, "calls.success_rate >= 99.5%");
    fixture_run(&f);
    fixture_wrong_password(&f, 0);
    fixture_whole_call(&f, 1, 4.41);
    fixture_refused_call(&f, 2, 486, "Busy Here", OUTCOME_CALL_FAILED);
    for (uint32_t i = 3; i < 6; i++)
        fixture_refused_call(&f, i, 488, "Not Acceptable Here", OUTCOME_NEGOTIATION_FAILED);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_says(f.result->why,
                "3 of 12 endpoints ended NEGOTIATION_FAILED with 488 Not Acceptable Here, group "
                "callers. ");
    assert_says(f.result->why, "First: callers[3], Call-ID 7f3c0009@example.com.");
    assert_int_equal(f.result->diagnosis_count, 3);
    assert_says(f.result->try_next, "groups.callers.audio.codecs (pcma, pcmu)");
    assert_int_equal(judged(&f, 0)->numerator, 1);
    assert_int_equal(judged(&f, 0)->denominator, 6);
    fixture_fini(&f);
}

static void advice_for(uint16_t status, enum endpoint_outcome outcome, const char *part)
{
    struct fixture f;
    fixture_init(&f, 1);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    fixture_refused_call(&f, 0, status, "x", outcome);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_says(f.result->try_next, part);
    fixture_fini(&f);
}

static void every_way_to_fail_a_call_has_a_next_step(void **state)
{
    (void)state;
    advice_for(403, OUTCOME_CALL_FAILED, "may call agents");
    advice_for(404, OUTCOME_CALL_FAILED, "address that is called");
    advice_for(408, OUTCOME_TIMEOUT, "longer buildup");
    advice_for(0, OUTCOME_TIMEOUT, "route");
    advice_for(480, OUTCOME_CALL_FAILED, "registered");
    advice_for(486, OUTCOME_CALL_FAILED, "nothing else uses");
    advice_for(488, OUTCOME_NEGOTIATION_FAILED, "codec");
    advice_for(503, OUTCOME_CALL_FAILED, "longer buildup");
    advice_for(599, OUTCOME_CALL_FAILED, "Call-ID");
    advice_for(0, OUTCOME_OSERROR, "ulimit");
    advice_for(481, OUTCOME_TEARDOWN_ERROR, "BYE");
}

static void failing_partner_is_to_be_mended_first(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "calls.success_rate >= 100% in callers");
    fixture_run(&f);
    fixture_registration(&f, 0, 403, "Forbidden");
    fixture_registration(&f, 1, 200, "OK");
    struct event call = fixture_call_event(1, 0, "");
    call.call.result = CALL_NOT_ATTEMPTED;
    call.call.counted = true;
    fixture_event(&f, call);
    fixture_outcome(&f, 1, OUTCOME_CALL_FAILED, 0, "", "its partner is not registered");
    fixture_outcome(&f, 0, OUTCOME_REGISTRATION_FAILED, 403, "Forbidden", "");
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_says(f.result->why, "REGISTRATION_FAILED with 403 Forbidden");
    assert_says(f.result->try_next, "sip:1001@example.com is locked");
    fixture_fini(&f);
}

static void vanished_worker_counts_against_every_share(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 2);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_threshold(&f, "registration.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    for (size_t i = 0; i < 3; i++)
        assert_true(judged(&f, i)->observed == 50);
    assert_int_equal(f.result->outcome_counts[OUTCOME_OSERROR], 2);
    assert_false(f.result->endpoints[1].closed);
    assert_says(f.result->endpoints[1].outcome.detail, "vanished");
    fixture_fini(&f);
}

static void warning_fails_nothing(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_threshold(&f, "receive.mos.p5 >= 4.4 warn");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 3);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_PASS, 0);
    assert_int_equal(judged(&f, 1)->verdict, VERDICT_FAIL);
    fixture_fini(&f);
}

static void late_sender_makes_only_its_own_metrics_inconclusive(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "receive.jitter.p95 < 0.1ms");
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_pacing(&f, 10, 7 * FIXTURE_MS);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_INCONCLUSIVE, 5);
    assert_int_equal(judged(&f, 0)->verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(judged(&f, 1)->verdict, VERDICT_PASS);
    assert_says(judged(&f, 0)->note, "limit of this machine: pacing");
    assert_says(f.result->why, "This machine was the limit");
    assert_says(f.result->why, "receive.jitter.p95 < 0.1ms");
    fixture_fini(&f);
}

static void late_sender_does_not_excuse_a_failed_call(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 2);
    fixture_threshold(&f, "receive.jitter.p95 < 0.1ms");
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_refused_call(&f, 1, 486, "Busy Here", OUTCOME_CALL_FAILED);
    fixture_pacing(&f, 10, 7 * FIXTURE_MS);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    fixture_fini(&f);
}

static void late_sender_whose_run_is_good_passes(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "receive.jitter.p95 < 20ms");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_pacing(&f, 10, 7 * FIXTURE_MS);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_PASS, 0);
    fixture_fini(&f);
}

static void load_that_was_not_produced_makes_everything_inconclusive(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 2);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_threshold(&f, "receive.mos.p5 >= 4");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_refused_call(&f, 1, 486, "Busy Here", OUTCOME_CALL_FAILED);
    fixture_pacing(&f, 2401, 3 * FIXTURE_MS);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_INCONCLUSIVE, 5);
    assert_int_equal(judged(&f, 0)->verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(judged(&f, 1)->verdict, VERDICT_INCONCLUSIVE);
    assert_says(f.result->why, "5.0% of its 48000 packets");
    fixture_fini(&f);
}

static void five_percent_late_is_not_yet_over_five_percent(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_pacing(&f, 2400, 3 * FIXTURE_MS);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_PASS, 0);
    fixture_fini(&f);
}

static void interrupted_run_is_an_error_with_its_own_exit_code(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    f.result->interrupted = true;
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_ERROR, 130);
    assert_says(f.result->why, "interrupted after 74 s");
    fixture_fini(&f);
}

static void run_that_could_not_be_carried_out_is_an_error(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "calls.success_rate >= 100%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    snprintf(f.result->error, sizeof(f.result->error), "no free UDP port");
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_ERROR, 4);
    assert_says(f.result->why, "no free UDP port");
    fixture_fini(&f);
}

static void unknown_group_never_passes(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "receive.mos.p5 >= 1 in nobody");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_says(judged(&f, 0)->note, "no group nobody");
    fixture_fini(&f);
}

static void group_that_only_answers_dials_no_call(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "calls.success_rate >= 1% in agents");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_string_equal(judged(&f, 0)->note, "no sample: this group dials no call");
    fixture_fini(&f);
}

static void only_a_higher_severity_replaces_an_outcome(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    fixture_outcome(&f, 0, OUTCOME_SUCCESS, 0, "", "");
    fixture_outcome(&f, 0, OUTCOME_TEARDOWN_ERROR, 481, "Gone", "");
    fixture_outcome(&f, 0, OUTCOME_CALL_FAILED, 486, "Busy", "");
    fixture_outcome(&f, 0, OUTCOME_SUCCESS, 0, "", "");
    fixture_outcome(&f, 1, OUTCOME_SUCCESS, 0, "", "");
    fixture_judge(&f);
    assert_int_equal(f.result->endpoints[0].outcome.outcome, OUTCOME_TEARDOWN_ERROR);
    assert_int_equal(judged(&f, 0)->samples, 2);
    assert_true(judged(&f, 0)->observed == 50);
    fixture_fini(&f);
}

static void phases_never_move_back(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    fixture_phase(&f, 0, PHASE_INCALL);
    fixture_phase(&f, 0, PHASE_RINGING);
    assert_int_equal(f.result->endpoints[0].phase, PHASE_INCALL);
    fixture_judge(&f);
    fixture_fini(&f);
}

static void calls_that_were_cut_short_are_not_told_as_never_established(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, 1);
    fixture_threshold(&f, "call.packets_received.min >= 1");
    fixture_run(&f);
    for (uint32_t i = 0; i < 2; i++)
        fixture_phase(&f, i, PHASE_INCALL);
    f.result->interrupted = true;
    fixture_judge(&f);
    assert_string_equal(f.result->judgements[0].note,
                        "no sample: the run was interrupted before the calls had told of it");
    fixture_fini(&f);
}

static void timeline_is_in_the_order_of_its_times(void **state)
{
    (void)state;
    struct fixture f;
    fixture_init(&f, 1);
    fixture_run(&f);
    fixture_message(&f, 0, true, "INVITE", 0, "");
    f.now_ns += 500 * FIXTURE_MS;
    fixture_message(&f, 0, true, "INVITE", 0, "");
    f.now_ns -= 5 * FIXTURE_MS; /* read late */
    fixture_message(&f, 0, false, "INVITE", 180, "Ringing");
    fixture_judge(&f);
    const struct result_endpoint *endpoint = &f.result->endpoints[0];
    assert_int_equal(endpoint->timeline_count, 3);
    assert_int_equal(endpoint->timeline[1].message->status, 180);
    assert_int_equal(endpoint->timeline[2].message->status, 0);
    fixture_fini(&f);
}

static void timeline_is_bounded(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    for (int i = 0; i < RESULT_TIMELINE_MAX + 7; i++)
        fixture_message(&f, 0, true, "INFO", 0, "");
    assert_int_equal(f.result->endpoints[0].timeline_count, RESULT_TIMELINE_MAX);
    assert_int_equal(f.result->endpoints[0].timeline_dropped, 7);
    fixture_judge(&f);
    fixture_fini(&f);
}

static void reason_stays_within_its_room(void **state)
{
    struct fixture f;
    char reason[64], detail[192];
    (void)state;
    memset(reason, 'r', sizeof(reason) - 1);
    memset(detail, 'd', sizeof(detail) - 1);
    reason[sizeof(reason) - 1] = detail[sizeof(detail) - 1] = '\0';
    fixture_init(&f, 40);
    f.groups[0].name = f.groups[1].name =
        "a group whose name alone is as long as a whole sentence of a report is allowed to become";
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 80; i++)
        fixture_outcome(&f, i, OUTCOME_TEARDOWN_ERROR, 500, reason, detail);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    assert_int_equal(strlen(f.result->why), sizeof(f.result->why) - 1);
    assert_string_equal(f.result->why + sizeof(f.result->why) - 4, "...");
    fixture_fini(&f);
}

static void without_thresholds_every_endpoint_must_do_well(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_run(&f);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_FAIL, 1);
    fixture_fini(&f);
    fixture_init(&f, 1);
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_judge(&f);
    assert_verdict(&f, VERDICT_PASS, 0);
    fixture_fini(&f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(good_run_passes_without_a_reason),
              cmocka_unit_test(wrong_password_fails_and_names_code_group_endpoint_and_account),
              cmocka_unit_test(unanswered_registrations_are_an_error_that_names_address_and_port),
              cmocka_unit_test(one_answered_registration_makes_it_a_failure),
              cmocka_unit_test(no_data_never_passes),
              cmocka_unit_test(established_call_without_media_says_so),
              cmocka_unit_test(missed_figure_names_the_worst_endpoint),
              cmocka_unit_test(biggest_cluster_comes_first),
              cmocka_unit_test(every_way_to_fail_a_call_has_a_next_step),
              cmocka_unit_test(failing_partner_is_to_be_mended_first),
              cmocka_unit_test(vanished_worker_counts_against_every_share),
              cmocka_unit_test(warning_fails_nothing),
              cmocka_unit_test(late_sender_makes_only_its_own_metrics_inconclusive),
              cmocka_unit_test(late_sender_does_not_excuse_a_failed_call),
              cmocka_unit_test(late_sender_whose_run_is_good_passes),
              cmocka_unit_test(load_that_was_not_produced_makes_everything_inconclusive),
              cmocka_unit_test(five_percent_late_is_not_yet_over_five_percent),
              cmocka_unit_test(interrupted_run_is_an_error_with_its_own_exit_code),
              cmocka_unit_test(run_that_could_not_be_carried_out_is_an_error),
              cmocka_unit_test(unknown_group_never_passes),
              cmocka_unit_test(group_that_only_answers_dials_no_call),
              cmocka_unit_test(only_a_higher_severity_replaces_an_outcome),
              cmocka_unit_test(phases_never_move_back),
              cmocka_unit_test(timeline_is_in_the_order_of_its_times),
              cmocka_unit_test(calls_that_were_cut_short_are_not_told_as_never_established),
              cmocka_unit_test(timeline_is_bounded),
              cmocka_unit_test(reason_stays_within_its_room),
              cmocka_unit_test(without_thresholds_every_endpoint_must_do_well))
/* clang-format on */
