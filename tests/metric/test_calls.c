#include "support/specification.h"

#include <math.h>
#include <string.h>
#include "cmtest/metric.h"

static const struct roster_group groups[] = {{.name = "callers", .first = 0, .count = 1}};
static const struct roster_endpoint endpoints[] = {{.role = ROLE_CALLER}};
static const struct roster roster = {
    .groups = groups, .group_count = 1, .endpoints = endpoints, .endpoint_count = 1};

static struct event attempt(uint16_t status)
{
    struct event event = {.kind = EVENT_CALL};
    struct event_call *call = &event.call;
    call->counted = true;
    call->status = status;
    call->result = call_result_of(status);
    call->trying_ns = call->ringing_ns = call->pdd_ns = call->setup_ns = EVENT_NONE;
    call->first_media_ns = call->duration_ns = call->teardown_ns = EVENT_NONE;
    call->early_media_ns = call->failed_ns = EVENT_NONE;
    return event;
}

/* What one event gives to a metric: NaN when it is no sample. */
static double sample(const char *name, const struct event *event)
{
    struct metric_key key;
    if (!metric_key_find(name, strlen(name), &key))
        fail_msg("no metric %s", name);
    struct metric_store *store = metric_store_new(&roster);
    metric_store_event(store, event);
    double value = aggregate_avg(metric_store_get(store, &key, ROSTER_NONE));
    metric_store_free(store);
    return value;
}

static void assert_ratios(const struct event *event, double asr, double ner, double ser,
                          double seer, double isa)
{
    const struct {
        const char *name;
        double wanted;
    } ratios[] = {{"calls.asr", asr},
                  {"calls.ner", ner},
                  {"calls.ser", ser},
                  {"calls.seer", seer},
                  {"calls.isa", isa}};
    for (size_t i = 0; i < 5; i++) {
        double is = sample(ratios[i].name, event), wanted = ratios[i].wanted;
        if (isnan(is) != isnan(wanted) || (!isnan(is) && is != wanted))
            fail_msg("%s of %u is %g, not %g", ratios[i].name, event->call.status, is, wanted);
    }
}

/* As in RFC 6076 4.6 to 4.8, ITU-T E.411 and E.425. */
static void each_final_status_has_its_place_in_the_ratios(void **state)
{
    static const struct {
        uint16_t status;
        double asr, ner, ser, seer, isa;
    } rows[] = {
        {200, 1, 1, 1, 1, 0}, {302, 0, 0, (double)NAN, (double)NAN, 0},
        {403, 0, 0, 0, 0, 0}, {404, 0, 0, 0, 0, 0},
        {408, 0, 0, 0, 0, 1}, {480, 0, 1, 0, 1, 0},
        {486, 0, 1, 0, 1, 0}, {487, 0, 1, 0, 0, 0},
        {488, 0, 0, 0, 0, 0}, {500, 0, 0, 0, 0, 1},
        {502, 0, 0, 0, 0, 0}, {503, 0, 0, 0, 0, 1},
        {504, 0, 0, 0, 0, 1}, {600, 0, 1, 0, 1, 0},
        {603, 0, 1, 0, 1, 0}, {606, 0, 0, 0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = attempt(rows[i].status);
        assert_ratios(&event, rows[i].asr, rows[i].ner, rows[i].ser, rows[i].seer, rows[i].isa);
    }
}

static void no_response_at_all_is_ineffective(void **state)
{
    struct event event = attempt(0);
    (void)state;
    assert_ratios(&event, 0, 0, 0, 0, 1);
    event.call.result = CALL_ERROR; /* it could not even be sent */
    assert_ratios(&event, 0, 0, 0, 0, 1);
}

static void phone_that_rings_in_vain_is_no_fault_of_the_network(void **state)
{
    struct event event = attempt(0);
    (void)state;
    event.call.trying_ns = 1;
    event.call.ringing_ns = 2;
    assert_ratios(&event, 0, 1, 0, 0, 0);
    event.call.status = 408;
    assert_ratios(&event, 0, 1, 0, 0, 1);
}

static void call_that_was_never_dialled_is_no_attempt(void **state)
{
    struct event event = attempt(0);
    (void)state;
    event.call.result = CALL_NOT_ATTEMPTED;
    assert_ratios(&event, (double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN);
    assert_true(isnan(sample("call.retransmissions_sent", &event)));
    assert_true(sample("calls.success_rate", &event) == 0);
}

static void callee_of_a_call_that_its_caller_counts_is_no_attempt(void **state)
{
    struct event event = attempt(486);
    (void)state;
    event.call.counted = false;
    assert_ratios(&event, (double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN);
}

static void registration_is_ineffective_when_it_was_not_accepted(void **state)
{
    struct event event = {.kind = EVENT_REGISTRATION};
    (void)state;
    event.registration.status = 401;
    assert_true(sample("registration.ira", &event) == 1);
    event.registration.status = 200;
    event.registration.ok = true;
    assert_true(sample("registration.ira", &event) == 0);
}

static void only_failed_calls_have_a_time_to_failure(void **state)
{
    struct event event = attempt(200);
    (void)state;
    assert_true(isnan(sample("failed_call_time", &event)));
    event = attempt(486);
    event.call.failed_ns = 1500000;
    assert_true(sample("failed_call_time", &event) == 1.5);
}

static void early_media_is_timed_only_where_it_came(void **state)
{
    struct event event = attempt(200);
    (void)state;
    assert_true(isnan(sample("time_to_early_media", &event)));
    event.call.early_media_ns = 30000000;
    assert_true(sample("time_to_early_media", &event) == 30);
}

static void repetitions_and_refreshes_are_counted_by_call(void **state)
{
    struct event event = attempt(200);
    (void)state;
    event.call.repeats_sent = 3;
    event.call.repeats_received = 2;
    event.call.refreshes = 1;
    assert_true(sample("call.retransmissions_sent", &event) == 3);
    assert_true(sample("call.retransmissions_received", &event) == 2);
    assert_true(isnan(sample("call.session_refreshes", &event)));
    event.call.established = true;
    assert_true(sample("call.session_refreshes", &event) == 1);
}

SPECIFICATION(cmocka_unit_test(each_final_status_has_its_place_in_the_ratios),
              cmocka_unit_test(no_response_at_all_is_ineffective),
              cmocka_unit_test(phone_that_rings_in_vain_is_no_fault_of_the_network),
              cmocka_unit_test(call_that_was_never_dialled_is_no_attempt),
              cmocka_unit_test(callee_of_a_call_that_its_caller_counts_is_no_attempt),
              cmocka_unit_test(registration_is_ineffective_when_it_was_not_accepted),
              cmocka_unit_test(only_failed_calls_have_a_time_to_failure),
              cmocka_unit_test(early_media_is_timed_only_where_it_came),
              cmocka_unit_test(repetitions_and_refreshes_are_counted_by_call))
