/* What is expected of a step and seen by and by, under a clock of the test's own. */
#include "support/specification.h"
#include "cmtest/player.h"

#include <stdio.h>
#include <string.h>

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

/* A phone whose media and whose partner's digits are what the test says. */
struct phone {
    struct player *player;
    int64_t now;
    struct flows flows;
    bool silent; /* no media runs */
    bool held;
    int64_t from_ns, until_ns; /* packets that arrive here: every 20 ms, until it stops */
    uint32_t ticket;
    struct event_action last;
    unsigned told, failed;
};

static const char *offer(void *who, uint32_t ticket, const struct proposal *change)
{
    (void)change;
    ((struct phone *)who)->ticket = ticket;
    return NULL;
}

static const char *digits(void *who, uint32_t ticket, const struct order *order)
{
    (void)order;
    ((struct phone *)who)->ticket = ticket;
    return NULL;
}

static bool flows(void *who, struct flows *out)
{
    struct phone *phone = who;
    *out = phone->flows;
    int64_t last = phone->now < phone->until_ns ? phone->now : phone->until_ns;
    if (phone->now >= phone->from_ns)
        out->received = (struct flow){phone->from_ns, last / (20 * MS) * (20 * MS)};
    return !phone->silent;
}

static const struct performer performer = {.offer = offer, .digits = digits, .flows = flows};

static void tell(void *who, const struct event_action *action)
{
    struct phone *phone = who;
    phone->last = *action;
    phone->told++;
    phone->failed += action->result == ACTION_FAILED;
}

static void advance(struct phone *phone, int64_t to)
{
    while (player_next(phone->player) <= to) {
        if (player_next(phone->player) > phone->now)
            phone->now = player_next(phone->player);
        player_tick(phone->player, phone->now);
    }
    phone->now = to;
}

/* The call is answered at 0, and packets arrive from then on; the step begins at 1 s, and its
 * request is answered at 1.1 s. */
static void begin_step(struct phone *phone, const struct step *step, struct script *script)
{
    *script = (struct script){step, 1};
    *phone = (struct phone){.until_ns = INT64_MAX,
                            .flows = {.sent = {0, 0},
                                      .partner_sent = {EVENT_NONE, EVENT_NONE},
                                      .partner_received = {EVENT_NONE, EVENT_NONE}}};
    phone->player = player_new(script, &performer, phone, tell);
    player_occurred(phone->player, 0, 0, &(struct occurrence){.kind = OCCURRED_ANSWERED});
    advance(phone, 1100 * MS);
}

static void answered(struct phone *phone)
{
    player_done(phone->player, phone->now, phone->ticket,
                &(struct report){.ok = true, .status = 200, .direction = "sendonly"});
}

static void answer_step(struct phone *phone, const struct step *step, struct script *script)
{
    begin_step(phone, step, script);
    answered(phone);
}

static struct step hold_step(enum media_state media, int64_t within)
{
    return (struct step){.action = action_find("hold"),
                         .when = STEP_AT,
                         .from = OCCURRED_ANSWERED,
                         .at_ns = S,
                         .expect = {.media = media, .within_ns = within}};
}

static void media_has_stopped_when_no_packet_came_for_half_a_second(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, S);
    (void)state;
    answer_step(&phone, &step, &script);
    phone.flows.may_send = true;
    phone.until_ns = 1200 * MS;
    advance(&phone, 1690 * MS);
    assert_int_equal(phone.told, 0);
    advance(&phone, 1720 * MS);
    assert_int_equal(phone.told, 1);
    assert_int_equal(phone.last.result, ACTION_DONE);
    assert_int_equal(phone.last.stopped_ns, 200 * MS);
    assert_string_equal(phone.last.expected, "media stopped within 1 s");
    assert_string_equal(phone.last.observed, "status 200, sendonly, media stopped after 0.200 s");
    player_free(phone.player);
}

static void a_peer_that_says_200_to_hold_and_goes_on_sending_fails_the_step(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, S);
    (void)state;
    answer_step(&phone, &step, &script);
    phone.flows.may_send = true;
    advance(&phone, 1990 * MS);
    assert_int_equal(phone.told, 0);
    advance(&phone, 2100 * MS);
    assert_int_equal(phone.last.result, ACTION_FAILED);
    assert_int_equal(phone.last.stopped_ns, EVENT_NONE);
    assert_string_equal(phone.last.detail,
                        "expected media stopped within 1 s: packets arrive here");
    assert_string_equal(phone.last.observed, "status 200, sendonly, packets arrive here");
    player_free(phone.player);
}

static void without_a_time_media_may_take_two_seconds_from_the_answer(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, 0);
    (void)state;
    answer_step(&phone, &step, &script);
    phone.flows.may_send = true;
    phone.until_ns = 3080 * MS;
    advance(&phone, 4 * S);
    assert_int_equal(phone.last.result, ACTION_DONE);
    player_free(phone.player);
    answer_step(&phone, &step, &script);
    phone.flows.may_send = true;
    phone.until_ns = 3180 * MS;
    advance(&phone, 4 * S);
    assert_int_equal(phone.last.result, ACTION_FAILED);
    player_free(phone.player);
}

static void what_the_partner_sends_must_stop_too_where_it_is_ours(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, S);
    (void)state;
    answer_step(&phone, &step, &script);
    phone.until_ns = 1100 * MS;
    phone.flows.may_send = true;
    phone.flows.ours = true;
    phone.flows.partner_sent = (struct flow){0, 2100 * MS};
    advance(&phone, 3 * S);
    assert_int_equal(phone.last.result, ACTION_FAILED);
    assert_string_equal(phone.last.detail,
                        "expected media stopped within 1 s: the partner still sends packets");
    player_free(phone.player);
}

static void what_never_came_has_not_stopped(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, S);
    (void)state;
    begin_step(&phone, &step, &script);
    phone.from_ns = INT64_MAX;
    phone.flows.received = (struct flow){EVENT_NONE, EVENT_NONE};
    phone.flows.may_send = true;
    answered(&phone);
    advance(&phone, 3 * S);
    assert_string_equal(phone.last.detail,
                        "expected media stopped, but no packet ever came that could stop");
    player_free(phone.player);
}

static void what_had_stopped_before_has_no_time_to_stop(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, S);
    (void)state;
    begin_step(&phone, &step, &script);
    phone.until_ns = 400 * MS;
    phone.flows.may_send = true;
    answered(&phone);
    advance(&phone, 3 * S);
    assert_int_equal(phone.last.result, ACTION_DONE);
    assert_true(phone.last.stopped_ns == EVENT_NONE);
    assert_string_equal(phone.last.observed, "status 200, sendonly, no packet arrives here");
    player_free(phone.player);
}

static void a_good_status_is_not_enough_when_the_step_failed(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_ANY, 0);
    (void)state;
    step.expect.status = 200;
    begin_step(&phone, &step, &script);
    player_done(phone.player, phone.now, phone.ticket,
                &(struct report){.status = 200, .why = "no media runs"});
    assert_int_equal(phone.last.result, ACTION_FAILED);
    assert_string_equal(phone.last.detail, "no media runs");
    player_free(phone.player);
}

static void an_inactive_call_is_silent_in_both_directions(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, S);
    (void)state;
    answer_step(&phone, &step, &script);
    phone.until_ns = 1100 * MS;
    phone.flows.sent = (struct flow){0, 1100 * MS};
    phone.flows.ours = true;
    phone.flows.partner_sent = (struct flow){0, 1100 * MS};
    phone.flows.partner_received = (struct flow){0, 2040 * MS};
    advance(&phone, 3 * S);
    assert_string_equal(phone.last.detail,
                        "expected media stopped within 1 s: packets arrive at the partner");
    player_free(phone.player);
}

static void how_long_media_takes_to_flow_again_is_measured(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_FLOWING, S);
    (void)state;
    begin_step(&phone, &step, &script);
    phone.flows.may_send = phone.flows.may_receive = true;
    phone.flows.ours = true;
    phone.flows.sent = (struct flow){0, 1240 * MS};
    phone.flows.partner_received = (struct flow){1060 * MS, 1240 * MS};
    phone.from_ns = 1240 * MS;
    answered(&phone);
    advance(&phone, 1230 * MS);
    assert_int_equal(phone.told, 0);
    advance(&phone, 1300 * MS);
    assert_int_equal(phone.told, 1);
    assert_int_equal(phone.last.result, ACTION_DONE);
    assert_int_equal(phone.last.flowing_ns, 240 * MS);
    player_free(phone.player);
}

static void media_that_never_stood_still_has_no_time_to_flow_again(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_FLOWING, S);
    (void)state;
    begin_step(&phone, &step, &script);
    phone.flows.may_receive = true;
    answered(&phone);
    advance(&phone, 1300 * MS);
    assert_int_equal(phone.last.result, ACTION_DONE);
    assert_int_equal(phone.last.flowing_ns, EVENT_NONE);
    assert_string_equal(phone.last.observed, "status 200, sendonly, packets arrive here");
    player_free(phone.player);
}

static void media_that_does_not_flow_or_flows_too_late_fails_the_step(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_FLOWING, S);
    (void)state;
    begin_step(&phone, &step, &script);
    phone.flows.may_receive = true;
    phone.from_ns = INT64_MAX;
    phone.flows.received = (struct flow){EVENT_NONE, EVENT_NONE};
    answered(&phone);
    advance(&phone, 2100 * MS);
    assert_string_equal(phone.last.detail,
                        "expected media flowing within 1 s: no packet arrives here");
    player_free(phone.player);
    begin_step(&phone, &step, &script);
    phone.flows.may_receive = true;
    phone.until_ns = 1080 * MS; /* before the answer: those do not count */
    answered(&phone);
    advance(&phone, 2100 * MS);
    assert_int_equal(phone.last.result, ACTION_FAILED);
    player_free(phone.player);
}

static void without_media_nothing_is_as_expected(void **state)
{
    static const enum media_state all[] = {MEDIA_FLOWING, MEDIA_STOPPED};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct phone phone;
        struct script script;
        struct step step = hold_step(all[i], S);
        struct script *one = &script;
        *one = (struct script){&step, 1};
        phone = (struct phone){.silent = true};
        phone.player = player_new(one, &performer, &phone, tell);
        player_occurred(phone.player, 0, 0, &(struct occurrence){.kind = OCCURRED_ANSWERED});
        advance(&phone, S);
        player_done(phone.player, S, phone.ticket, &(struct report){.ok = true, .status = 200});
        assert_int_equal(phone.last.result, ACTION_FAILED);
        assert_non_null(strstr(phone.last.detail, "no media runs"));
        player_free(phone.player);
    }
}

static void a_call_that_ends_before_it_was_seen_fails_the_step(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = hold_step(MEDIA_STOPPED, 10 * S);
    (void)state;
    answer_step(&phone, &step, &script);
    phone.flows.may_send = true;
    player_end(phone.player, 1500 * MS);
    assert_int_equal(phone.last.result, ACTION_FAILED);
    assert_string_equal(phone.last.detail, "the call ended before all that is expected was seen");
    player_free(phone.player);
}

/* ---- digits ---------------------------------------------------------------------------------- */

static const struct step_argument twelve[] = {{"digits", "12345"}};

static struct step digit_step(void)
{
    return (struct step){.action = action_find("send_dtmf"),
                         .arguments = twelve,
                         .argument_count = 1,
                         .when = STEP_AT,
                         .from = OCCURRED_ANSWERED,
                         .at_ns = S,
                         .expect = {.dtmf = "12345", .within_ns = 2 * S, .tone_ns = 80 * MS}};
}

static void arrive(struct phone *phone, const char *text, int64_t length)
{
    for (; *text; text++)
        player_arrived(phone->player, phone->now, DIGIT_RTP, *text, length);
}

static void digits_must_all_arrive_at_the_partner(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = digit_step();
    (void)state;
    answer_step(&phone, &step, &script);
    arrive(&phone, "12345", 100 * MS);
    advance(&phone, 1300 * MS);
    assert_int_equal(phone.told, 0); /* one too many may come yet */
    advance(&phone, 1400 * MS);
    assert_int_equal(phone.last.result, ACTION_DONE);
    assert_string_equal(phone.last.expected, "digits 12345 of 80 ms within 2 s");
    assert_string_equal(phone.last.observed,
                        "status 200, sendonly, digits 12345 of 100 ms at the partner");
    player_free(phone.player);
}

static void a_digit_that_is_dropped_on_the_way_fails_the_step(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = digit_step();
    (void)state;
    answer_step(&phone, &step, &script);
    arrive(&phone, "1245", 100 * MS);
    advance(&phone, 2900 * MS);
    assert_int_equal(phone.told, 0);
    advance(&phone, 3100 * MS);
    assert_string_equal(phone.last.detail,
                        "expected the partner to receive the digits 12345, it received 1245");
    player_free(phone.player);
}

static void digits_that_come_twice_too_short_or_not_at_all_fail_the_step(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = digit_step();
    (void)state;
    answer_step(&phone, &step, &script);
    arrive(&phone, "12345", 100 * MS);
    advance(&phone, 1200 * MS);
    arrive(&phone, "5", 100 * MS);
    advance(&phone, 1500 * MS);
    assert_string_equal(phone.last.detail,
                        "expected the partner to receive the digits 12345, it received 123455");
    player_free(phone.player);
    answer_step(&phone, &step, &script);
    arrive(&phone, "1234", 100 * MS);
    arrive(&phone, "5", 40 * MS);
    advance(&phone, 1500 * MS);
    assert_string_equal(phone.last.detail,
                        "expected digits of 80 ms, the partner received 5 (number 5) of 40 ms");
    player_free(phone.player);
    answer_step(&phone, &step, &script);
    arrive(&phone, "12345", EVENT_NONE);
    advance(&phone, 1500 * MS);
    assert_string_equal(phone.last.detail,
                        "expected digits of 80 ms, how long 1 (number 1) was is unknown");
    player_free(phone.player);
    answer_step(&phone, &step, &script);
    advance(&phone, 4 * S);
    assert_string_equal(phone.last.detail,
                        "expected the partner to receive the digits 12345, it received none");
    player_free(phone.player);
}

static void digits_that_came_before_the_step_are_not_its_own(void **state)
{
    struct phone phone;
    struct script script;
    struct step step = digit_step();
    (void)state;
    script = (struct script){&step, 1};
    phone = (struct phone){.until_ns = INT64_MAX};
    phone.player = player_new(&script, &performer, &phone, tell);
    player_occurred(phone.player, 0, 0, &(struct occurrence){.kind = OCCURRED_ANSWERED});
    for (int i = 0; i < 300; i++)
        arrive(&phone, "9", 100 * MS);
    advance(&phone, 1100 * MS);
    player_done(phone.player, phone.now, phone.ticket, &(struct report){.ok = true});
    arrive(&phone, "12345", 100 * MS);
    advance(&phone, 2 * S);
    assert_int_equal(phone.last.result, ACTION_DONE);
    player_free(phone.player);
}

static int64_t two_steps_after;

/* Two steps send digits, two_steps_after one after the other; came[i] comes 100 ms behind each. */
static void two_steps(struct phone *phone, struct script *script, struct step steps[2],
                      const char *const came[2])
{
    static const struct step_argument first = {"digits", "42"}, second = {"digits", "2"};
    steps[0] = steps[1] = digit_step();
    steps[0].arguments = &first;
    steps[0].expect = (struct step_expect){.dtmf = "42", .within_ns = 20 * S};
    steps[1].arguments = &second;
    steps[1].expect = (struct step_expect){.dtmf = "2", .within_ns = S};
    steps[1].at_ns += two_steps_after;
    *script = (struct script){steps, 2};
    *phone = (struct phone){.until_ns = INT64_MAX};
    phone->player = player_new(script, &performer, phone, tell);
    player_occurred(phone->player, 0, 0, &(struct occurrence){.kind = OCCURRED_ANSWERED});
    for (int i = 0; i < 2; i++) {
        advance(phone, steps[i].at_ns);
        player_done(phone->player, phone->now, phone->ticket, &(struct report){.ok = true});
        advance(phone, steps[i].at_ns + 100 * MS);
        arrive(phone, came[i], 100 * MS);
    }
    advance(phone, 30 * S);
    assert_int_equal(phone->told, 2);
}

static void a_digit_of_a_later_step_does_not_stand_in_for_one_that_was_lost(void **state)
{
    static const char *const lost[] = {"4", "2"}, *const whole[] = {"42", "2"};
    const int64_t later[] = {200 * MS, 10 * S};
    struct phone phone;
    struct script script;
    struct step steps[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (int good = 0; good < 2; good++) {
            two_steps_after = later[i];
            two_steps(&phone, &script, steps, good ? whole : lost);
            assert_int_equal(phone.failed, good ? 0 : 1);
            player_free(phone.player);
        }
    }
}

static void digits_that_are_still_on_their_way_are_of_the_step_before(void **state)
{
    static const char *const late[] = {"4", "22"};
    struct phone phone;
    struct script script;
    struct step steps[2];
    (void)state;
    two_steps_after = 200 * MS;
    two_steps(&phone, &script, steps, late);
    assert_int_equal(phone.failed, 0);
    player_free(phone.player);
}

static void digits_that_another_step_sends_in_another_way_are_not_its_own(void **state)
{
    static const struct step_argument info[] = {{"digits", "9"}, {"method", "info"}};
    struct phone phone;
    struct script script;
    struct step steps[] = {digit_step(), digit_step()};
    (void)state;
    steps[1].arguments = info;
    steps[1].argument_count = 2;
    steps[1].expect.dtmf = "9";
    for (int alone = 0; alone < 2; alone++) {
        script = (struct script){steps, alone ? 1 : 2};
        phone = (struct phone){.until_ns = INT64_MAX};
        phone.player = player_new(&script, &performer, &phone, tell);
        player_occurred(phone.player, 0, 0, &(struct occurrence){.kind = OCCURRED_ANSWERED});
        advance(&phone, 1100 * MS);
        for (uint32_t i = 0; i < script.count; i++)
            player_done(phone.player, phone.now, phone.ticket - i, &(struct report){.ok = true});
        if (!alone)
            player_arrived(phone.player, phone.now, DIGIT_INFO, '9', 100 * MS);
        /* Who stands between may have made INFO of it, when nothing else is INFO. */
        for (const char *digit = "12345"; *digit; digit++)
            player_arrived(phone.player, phone.now, alone ? DIGIT_INFO : DIGIT_RTP, *digit,
                           100 * MS);
        advance(&phone, 4 * S);
        assert_int_equal(phone.told, script.count);
        assert_int_equal(phone.failed, 0);
        player_free(phone.player);
    }
}

static void digits_that_are_sent_by_both_methods_must_arrive_by_each(void **state)
{
    static const struct step_argument both[] = {{"digits", "12345"}, {"method", "both"}};
    struct phone phone;
    struct script script;
    struct step step = digit_step();
    (void)state;
    step.arguments = both;
    step.argument_count = 2;
    for (int info = 0; info < 2; info++) {
        answer_step(&phone, &step, &script);
        for (const char *digit = "12345"; *digit; digit++) {
            player_arrived(phone.player, phone.now, DIGIT_RTP, *digit, 100 * MS);
            if (info || *digit != '3')
                player_arrived(phone.player, phone.now, DIGIT_INFO, *digit, 100 * MS);
        }
        advance(&phone, 4 * S);
        assert_int_equal(phone.last.result, info ? ACTION_DONE : ACTION_FAILED);
        if (!info)
            assert_string_equal(
                phone.last.detail,
                "expected the partner to receive the digits 12345, it received 1245");
        player_free(phone.player);
    }
}

SPECIFICATION(cmocka_unit_test(digits_that_another_step_sends_in_another_way_are_not_its_own),
              cmocka_unit_test(what_never_came_has_not_stopped),
              cmocka_unit_test(what_had_stopped_before_has_no_time_to_stop),
              cmocka_unit_test(a_good_status_is_not_enough_when_the_step_failed),
              cmocka_unit_test(a_digit_of_a_later_step_does_not_stand_in_for_one_that_was_lost),
              cmocka_unit_test(digits_that_are_still_on_their_way_are_of_the_step_before),
              cmocka_unit_test(media_has_stopped_when_no_packet_came_for_half_a_second),
              cmocka_unit_test(a_peer_that_says_200_to_hold_and_goes_on_sending_fails_the_step),
              cmocka_unit_test(without_a_time_media_may_take_two_seconds_from_the_answer),
              cmocka_unit_test(what_the_partner_sends_must_stop_too_where_it_is_ours),
              cmocka_unit_test(an_inactive_call_is_silent_in_both_directions),
              cmocka_unit_test(how_long_media_takes_to_flow_again_is_measured),
              cmocka_unit_test(media_that_never_stood_still_has_no_time_to_flow_again),
              cmocka_unit_test(media_that_does_not_flow_or_flows_too_late_fails_the_step),
              cmocka_unit_test(without_media_nothing_is_as_expected),
              cmocka_unit_test(a_call_that_ends_before_it_was_seen_fails_the_step),
              cmocka_unit_test(digits_must_all_arrive_at_the_partner),
              cmocka_unit_test(a_digit_that_is_dropped_on_the_way_fails_the_step),
              cmocka_unit_test(digits_that_come_twice_too_short_or_not_at_all_fail_the_step),
              cmocka_unit_test(digits_that_came_before_the_step_are_not_its_own),
              cmocka_unit_test(digits_that_are_sent_by_both_methods_must_arrive_by_each))
