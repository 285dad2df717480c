/* DTMF of a call: digits by SIP INFO both ways, and what cannot be sent. */
#include "world.h"

#define KEPT 8

static struct {
    struct event_digit digits[KEPT];
    unsigned count;
} told;

static void keep_digit(const struct event_digit *digit, int64_t at_ns)
{
    assert_true(llabs(clock_now() - at_ns) < 2 * NS_PER_S);
    assert_true(told.count < KEPT);
    told.digits[told.count++] = *digit;
}

static char heard[256];

static void hear_info(const struct dialog_message *message)
{
    size_t length = strlen(heard);
    snprintf(heard + length, sizeof heard - length, "%s %s %.*s|", message->method, message->type,
             (int)message->length, message->body);
}

static void bob_calls(struct world *world)
{
    phone_call(&world->bob, OFFER, NULL);
}

static void leave(void *arg)
{
    hang_up(arg);
}

static void check(unsigned at, enum event_direction direction, char digit, int64_t duration_ns)
{
    assert_true(at < told.count);
    assert_int_equal(told.digits[at].direction, direction);
    assert_int_equal(told.digits[at].method, DIGIT_INFO);
    assert_int_equal(told.digits[at].digit, digit);
    assert_true(told.digits[at].duration_ns == duration_ns);
}

static void play(struct world *world)
{
    memset(&told, 0, sizeof told);
    world->digit = keep_digit;
    world->request = hear_info;
    world_prepare(world);
    struct endpoint_config config = usual(world, ROLE_CALLEE);
    world_play(world, &config);
}

/* ---- received ---- */

static void dial_by_info(struct phone *phone)
{
    assert_true(dialog_request(phone->dialog, "INFO", "application/dtmf-relay",
                               "Signal=4\r\nDuration=160\r\n", NULL));
    assert_true(dialog_request(phone->dialog, "INFO", "Application/DTMF", "#", NULL));
    assert_true(dialog_request(phone->dialog, "INFO", "text/plain", "5", NULL));
    assert_true(dialog_request(phone->dialog, "INFO", NULL, NULL, NULL));
    after_ms(phone->world, 300, leave, phone);
}

static void digits_of_the_peer_in_info_are_told(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = dial_by_info};
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(told.count, 2);
    check(0, DIRECTION_RECEIVE, '4', 160 * NS_PER_MS);
    check(1, DIRECTION_RECEIVE, '#', EVENT_NONE);
    world_end(&world);
}

/* ---- sent ---- */

static void alice_dials(void *arg)
{
    struct world *world = arg;
    struct digits digits = {.method = DIGIT_INFO, .text = "7a*", .tone_ns = 60 * NS_PER_MS};
    assert_null(endpoint_send_digits(world->endpoint, &digits));
    after_ms(world, 500, leave, &world->bob);
}

static void let_alice_dial(struct phone *phone)
{
    after_ms(phone->world, 50, alice_dials, phone->world);
}

static void digits_are_sent_by_info_one_after_the_other(void **state)
{
    (void)state;
    struct world world = {.begin = bob_calls, .talking = let_alice_dial};
    heard[0] = '\0';
    play(&world);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(heard, "INFO application/dtmf-relay Signal=7\r\nDuration=60\r\n|"
                               "INFO application/dtmf-relay Signal=A\r\nDuration=60\r\n|"
                               "INFO application/dtmf-relay Signal=*\r\nDuration=60\r\n|");
    assert_int_equal(told.count, 3);
    check(0, DIRECTION_SEND, '7', 60 * NS_PER_MS);
    check(1, DIRECTION_SEND, 'A', 60 * NS_PER_MS);
    check(2, DIRECTION_SEND, '*', 60 * NS_PER_MS);
    world_end(&world);
}

/* ---- what cannot be sent ---- */

static void refuse(struct endpoint *endpoint, struct digits digits, const char *why)
{
    const char *said = endpoint_send_digits(endpoint, &digits);
    if (!said || !strstr(said, why))
        fail_msg("%s, not %s", said ? said : "it was accepted", why);
}

static void try_much(void *arg)
{
    struct world *world = arg;
    struct endpoint *endpoint = world->endpoint;
    refuse(endpoint, (struct digits){.method = DIGIT_INFO, .text = ""}, "1 to 64");
    refuse(endpoint, (struct digits){.method = DIGIT_INFO, .text = "12x"}, "0 to 9");
    refuse(endpoint, (struct digits){.method = DIGIT_INFO, .text = "1", .tone_ns = 1}, "40 ms");
    refuse(endpoint, (struct digits){.method = DIGIT_INFO, .text = "1", .gap_ns = INT64_MAX},
           "10 s at most");
    refuse(endpoint, (struct digits){.method = DIGIT_RTP, .text = "1"}, "telephone-event");
    refuse(endpoint, (struct digits){.method = DIGIT_INBAND, .text = "1"}, "media");
    hang_up(&world->bob);
}

static void alice_tries_without_a_call(struct world *world)
{
    refuse(world->endpoint, (struct digits){.method = DIGIT_INFO, .text = "1"}, "no call");
    bob_calls(world);
}

static void let_alice_try(struct phone *phone)
{
    after_ms(phone->world, 50, try_much, phone->world);
}

static void what_cannot_be_sent_is_refused_with_a_sentence(void **state)
{
    (void)state;
    struct world world = {.begin = alice_tries_without_a_call, .talking = let_alice_try};
    play(&world);
    assert_int_equal(told.count, 0);
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(digits_of_the_peer_in_info_are_told),
                           cmocka_unit_test(digits_are_sent_by_info_one_after_the_other),
                           cmocka_unit_test(what_cannot_be_sent_is_refused_with_a_sentence))
