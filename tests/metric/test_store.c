#include "support/specification.h"

#include <math.h>
#include <string.h>
#include "cmtest/metric.h"

/* Two groups, a (0, 1) and b (2). */
static const struct roster_group groups[] = {{.name = "a", .first = 0, .count = 2},
                                             {.name = "b", .first = 2, .count = 1}};
static const struct roster_endpoint endpoints[] = {
    {.group = 0}, {.group = 0, .index = 1}, {.group = 1}};
static const struct roster roster = {
    .groups = groups, .group_count = 2, .endpoints = endpoints, .endpoint_count = 3};

static struct metric_key key(const char *name)
{
    struct metric_key key;
    if (!metric_key_find(name, strlen(name), &key))
        fail_msg("no metric %s", name);
    return key;
}

static void add_second(struct metric_store *store, uint32_t who, enum event_direction direction,
                       bool known, uint32_t length_ms, double mos)
{
    struct event event = {.endpoint = who, .kind = EVENT_SECOND};
    event.second.direction = direction;
    event.second.length_ms = length_ms;
    second_set(&event.second, READING_PACKETS, 50);
    if (known)
        second_set(&event.second, READING_MOS, mos);
    metric_store_event(store, &event);
}

static void samples_are_kept_by_direction_and_group(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key receive = key("receive.mos"), send = key("send.mos");
    (void)state;
    add_second(store, 0, DIRECTION_RECEIVE, true, 1000, 4);
    add_second(store, 2, DIRECTION_RECEIVE, true, 1000, 3);
    add_second(store, 2, DIRECTION_SEND, true, 1000, 2);
    assert_int_equal(aggregate_count(metric_store_get(store, &receive, ROSTER_NONE)), 2);
    assert_true(aggregate_min(metric_store_get(store, &receive, 0)) == 4);
    assert_true(aggregate_max(metric_store_get(store, &receive, 1)) == 3);
    assert_true(aggregate_max(metric_store_get(store, &send, ROSTER_NONE)) == 2);
    assert_int_equal(aggregate_count(metric_store_get(store, &send, 0)), 0);
    metric_store_free(store);
}

static void what_is_not_known_is_no_sample(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key mos = key("receive.mos"), rtt = key("receive.rtt");
    (void)state;
    add_second(store, 0, DIRECTION_RECEIVE, false, 1000, 4);
    assert_int_equal(aggregate_count(metric_store_get(store, &mos, ROSTER_NONE)), 0);
    assert_int_equal(aggregate_count(metric_store_get(store, &rtt, ROSTER_NONE)), 0);
    assert_int_equal(metric_store_coverage(store, &mos, ROSTER_NONE), 0);
    metric_store_free(store);
}

static void part_of_a_second_is_no_drop_of_the_packet_rate(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key packets = key("receive.packets");
    (void)state;
    add_second(store, 0, DIRECTION_RECEIVE, false, 1000, 0);
    add_second(store, 0, DIRECTION_RECEIVE, false, 20, 0);
    assert_int_equal(aggregate_count(metric_store_get(store, &packets, ROSTER_NONE)), 1);
    metric_store_free(store);
}

static void add_jitter(struct metric_store *store, uint32_t number, uint32_t length_ms,
                       double jitter)
{
    struct event event = {.kind = EVENT_SECOND};
    event.second.direction = DIRECTION_RECEIVE;
    event.second.second = number;
    event.second.length_ms = length_ms;
    second_set(&event.second, READING_JITTER, jitter);
    second_set(&event.second, READING_MISSING, 1);
    metric_store_event(store, &event);
}

static void a_rest_of_10_ms_weighs_nothing_in_an_average_and_its_counts_add_up(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key jitter = key("receive.jitter"), missing = key("receive.packets_missing");
    (void)state;
    add_jitter(store, 0, 400, 1); /* a call may be shorter than that, and has no other second */
    add_jitter(store, 1, 1000, 3);
    add_jitter(store, 2, 500, 5);
    add_jitter(store, 3, 10, 1000);
    assert_int_equal(aggregate_count(metric_store_get(store, &jitter, ROSTER_NONE)), 3);
    assert_true(aggregate_avg(metric_store_get(store, &jitter, ROSTER_NONE)) == 3);
    assert_true(aggregate_sum(metric_store_get(store, &missing, ROSTER_NONE)) == 4);
    metric_store_free(store);
}

static void add_score(struct metric_store *store, uint32_t who, enum emodel_scale scale,
                      bool provisional)
{
    struct event event = {.endpoint = who, .kind = EVENT_SECOND};
    event.second.direction = DIRECTION_RECEIVE;
    event.second.length_ms = 1000;
    event.second.scale = scale;
    event.second.provisional = provisional;
    second_set(&event.second, READING_MOS, 4);
    second_set(&event.second, READING_JITTER, 4);
    metric_store_event(store, &event);
}

static void a_score_knows_its_scale_and_a_mixture_is_called_one(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key mos = key("receive.mos"), jitter = key("receive.jitter");
    (void)state;
    assert_null(metric_scale_name(metric_store_scale(store, &mos, ROSTER_NONE)));
    add_score(store, 0, EMODEL_NARROW, false);
    add_score(store, 2, EMODEL_FULL, true);
    assert_string_equal(metric_scale_name(metric_store_scale(store, &mos, 0)), "narrow");
    assert_string_equal(metric_scale_name(metric_store_scale(store, &mos, 1)), "full");
    assert_string_equal(metric_scale_name(metric_store_scale(store, &mos, ROSTER_NONE)), "mixed");
    assert_false(metric_store_scale(store, &mos, 0).provisional);
    assert_true(metric_store_scale(store, &mos, 1).provisional);
    assert_true(metric_store_scale(store, &mos, ROSTER_NONE).provisional);
    assert_null(metric_scale_name(metric_store_scale(store, &jitter, 0)));
    metric_store_free(store);
}

static void coverage_counts_an_endpoint_once(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key mos = key("receive.mos");
    (void)state;
    for (int i = 0; i < 3; i++)
        add_second(store, 1, DIRECTION_RECEIVE, true, 1000, 4);
    add_second(store, 2, DIRECTION_RECEIVE, true, 1000, 4);
    assert_int_equal(metric_store_coverage(store, &mos, ROSTER_NONE), 2);
    assert_int_equal(metric_store_coverage(store, &mos, 0), 1);
    metric_store_free(store);
}

static void calls_count_once_per_call(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key rate = key("calls.success_rate"), delay = key("post_dial_delay");
    struct event caller = {.endpoint = 0, .kind = EVENT_CALL};
    (void)state;
    caller.call.counted = caller.call.completed = true;
    caller.call.pdd_ns = 250000000;
    struct event callee = caller;
    callee.endpoint = 2;
    callee.call.counted = false;
    callee.call.pdd_ns = EVENT_NONE;
    metric_store_event(store, &caller);
    metric_store_event(store, &callee);
    assert_int_equal(aggregate_count(metric_store_get(store, &rate, ROSTER_NONE)), 1);
    assert_true(aggregate_avg(metric_store_get(store, &rate, ROSTER_NONE)) == 1);
    assert_int_equal(aggregate_count(metric_store_get(store, &delay, ROSTER_NONE)), 1);
    assert_true(aggregate_max(metric_store_get(store, &delay, ROSTER_NONE)) == 250);
    metric_store_free(store);
}

static void warnings_are_a_success_of_the_endpoint(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key rate = key("endpoints.success_rate");
    struct event event = {.kind = EVENT_OUTCOME};
    static const enum endpoint_outcome outcomes[] = {
        OUTCOME_SUCCESS, OUTCOME_COMPLETED_WITH_WARNINGS, OUTCOME_TIMEOUT};
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        event.endpoint = i;
        event.outcome.outcome = outcomes[i];
        metric_store_event(store, &event);
    }
    assert_true(aggregate_sum(metric_store_get(store, &rate, ROSTER_NONE)) == 2);
    metric_store_free(store);
}

static void failed_registration_has_no_time(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key rate = key("registration.success_rate"), time = key("registration.time");
    struct event event = {.kind = EVENT_REGISTRATION};
    (void)state;
    event.registration.time_ns = 5000000;
    metric_store_event(store, &event);
    event.registration.ok = true;
    metric_store_event(store, &event);
    assert_int_equal(aggregate_count(metric_store_get(store, &rate, ROSTER_NONE)), 2);
    assert_int_equal(aggregate_count(metric_store_get(store, &time, ROSTER_NONE)), 1);
    assert_true(aggregate_max(metric_store_get(store, &time, 0)) == 5);
    metric_store_free(store);
}

static void events_of_nobody_are_ignored(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct metric_key mos = key("receive.mos");
    (void)state;
    add_second(store, 3, DIRECTION_RECEIVE, true, 1000, 4);
    add_second(store, ROSTER_NONE, DIRECTION_RECEIVE, true, 1000, 4);
    assert_int_equal(aggregate_count(metric_store_get(store, &mos, ROSTER_NONE)), 0);
    assert_int_equal(aggregate_count(metric_store_get(store, &mos, 77)), 0);
    metric_store_free(store);
}

/* Garbage that is likely to be a sample of everything, but for what says what it is. */
static struct event anything(enum event_kind kind, enum event_direction direction)
{
    struct event event;
    memset(&event, 1, sizeof event);
    event.at_ns = 0;
    event.endpoint = 0;
    event.kind = kind;
    if (kind == EVENT_SECOND) {
        event.second.direction = direction;
        event.second.length_ms = 1000;
        memset(event.second.known, 0xff, sizeof event.second.known);
    }
    return event;
}

static void every_row_reads_only_the_events_that_it_names(void **state)
{
    (void)state;
    for (unsigned kind = EVENT_PHASE; kind <= EVENT_STOP; kind++) {
        for (unsigned d = DIRECTION_SEND; d <= DIRECTION_RECEIVE; d++) {
            struct event event = anything((enum event_kind)kind, (enum event_direction)d);
            for (size_t row = 0; metrics[row]; row++) {
                double asked = 0, quick = 0;
                bool read = metrics[row]->read(&event, (enum event_direction)d, &asked);
                if (read && metrics[row]->reads != event.kind)
                    fail_msg("%s reads other events than it names", metrics[row]->name);
                assert_int_equal(metric_read(metrics[row], &event, (enum event_direction)d, &quick),
                                 read);
                assert_true(asked == quick);
            }
        }
    }
}

static void values_of_both_signs_and_zero_are_each_counted_where_they_belong(void **state)
{
    (void)state;
    struct metric_store *store = metric_store_new(&roster);
    static const double values[] = {0, 0, -0.0, 2.5, 2.5, -2.5, 4, 2.5, NAN, INFINITY, 2.5};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        add_second(store, (uint32_t)(i % 3), DIRECTION_RECEIVE, true, 1000, values[i]);
    struct metric_key mos = key("receive.mos");
    const struct aggregate *all = metric_store_get(store, &mos, ROSTER_NONE);
    assert_int_equal(aggregate_count(all), 9);
    assert_true(aggregate_min(all) == -2.5);
    assert_true(aggregate_max(all) == 4);
    assert_true(aggregate_sum(all) == 11.5);
    assert_true(aggregate_quantile(all, 0.4) == 0);
    assert_true(aggregate_quantile(all, 0.6) == 2.5);
    assert_int_equal(metric_store_coverage(store, &mos, ROSTER_NONE), 3);
    metric_store_free(store);
}

/* Constant, rising, of both signs, around zero, none, and no number. */
static void fill(struct event *event, uint32_t number)
{
    *event = (struct event){.endpoint = number % 3, .kind = EVENT_SECOND};
    event->second.direction = number % 2 ? DIRECTION_SEND : DIRECTION_RECEIVE;
    event->second.second = number / 6;
    event->second.length_ms = number % 11 == 0 ? 400 : 1000;
    for (unsigned i = 0; i < READING_COUNT; i++) {
        const double values[] = {7.25,
                                 number * 3.7,
                                 (number % 5 - 2.0) * i,
                                 number % 3 ? 0 : 1e-13,
                                 number % 7 ? 4.41 : NAN,
                                 number % 9 ? -1e6 : INFINITY,
                                 -0.0};
        if ((number + i) % 13)
            second_set(&event->second, (enum reading)i, values[(i + number / 40) % 7]);
    }
}

static void assert_same(const struct aggregate *a, const struct aggregate *b)
{
    double one[12] = {aggregate_sum(a), aggregate_min(a), aggregate_max(a), aggregate_stddev(a)};
    double two[12] = {aggregate_sum(b), aggregate_min(b), aggregate_max(b), aggregate_stddev(b)};
    for (unsigned i = 0; i < 7; i++) {
        one[4 + i] = aggregate_quantile(a, i / 6.0);
        two[4 + i] = aggregate_quantile(b, i / 6.0);
    }
    assert_int_equal(aggregate_count(a), aggregate_count(b));
    for (unsigned i = 0; i < 12 && aggregate_count(a) > 0; i++)
        assert_true(one[i] == two[i]);
}

/* Of one metric in one direction, value by value. */
static void compare(const struct metric_store *store, const struct metric_key *key, uint32_t told)
{
    struct aggregate *each[3] = {aggregate_new(), aggregate_new(), aggregate_new()};
    enum event_direction direction =
        key->direction == METRIC_SEND ? DIRECTION_SEND : DIRECTION_RECEIVE;
    struct event event;
    double value;
    for (uint32_t i = 0; i < told; i++) {
        fill(&event, i);
        if (!metric_read(key->metric, &event, direction, &value))
            continue;
        aggregate_add(each[endpoints[event.endpoint].group], value);
        aggregate_add(each[2], value);
    }
    for (uint32_t i = 0; i < 3; i++) {
        assert_same(metric_store_get(store, key, i == 2 ? ROSTER_NONE : i), each[i]);
        aggregate_free(each[i]);
    }
}

static void seconds_give_to_the_last_bit_what_their_values_give_one_by_one(void **state)
{
    struct metric_store *store = metric_store_new(&roster);
    struct event event;
    (void)state;
    for (uint32_t i = 0; i < 240; i++) {
        fill(&event, i);
        metric_store_event(store, &event);
        for (size_t row = 0; (i == 100 || i == 239) && metrics[row]; row++)
            for (unsigned bit = METRIC_SEND; bit <= METRIC_RECEIVE; bit <<= 1) {
                struct metric_key key = {metrics[row], bit};
                if (metrics[row]->of_second && metrics[row]->directions & bit)
                    compare(store, &key, i + 1);
            }
    }
    metric_store_free(store);
}

SPECIFICATION(cmocka_unit_test(seconds_give_to_the_last_bit_what_their_values_give_one_by_one),
              cmocka_unit_test(samples_are_kept_by_direction_and_group),
              cmocka_unit_test(what_is_not_known_is_no_sample),
              cmocka_unit_test(part_of_a_second_is_no_drop_of_the_packet_rate),
              cmocka_unit_test(a_rest_of_10_ms_weighs_nothing_in_an_average_and_its_counts_add_up),
              cmocka_unit_test(a_score_knows_its_scale_and_a_mixture_is_called_one),
              cmocka_unit_test(coverage_counts_an_endpoint_once),
              cmocka_unit_test(every_row_reads_only_the_events_that_it_names),
              cmocka_unit_test(values_of_both_signs_and_zero_are_each_counted_where_they_belong),
              cmocka_unit_test(calls_count_once_per_call),
              cmocka_unit_test(warnings_are_a_success_of_the_endpoint),
              cmocka_unit_test(failed_registration_has_no_time),
              cmocka_unit_test(events_of_nobody_are_ignored))
