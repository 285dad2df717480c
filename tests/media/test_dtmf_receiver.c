#include <stdlib.h>
#include <string.h>
#include "support/specification.h"
#include "cmtest/arena.h"
#include "cmtest/dtmf.h"
#include "cmtest/impairment.h"
#include "cmtest/random.h"
#include "media/mutate.h"

#define MS INT64_C(1000000)
#define PTIME (20 * MS)
#define STEP 160u
#define END 0x80u

/* What was heard, and a clock of packet times. */
struct ear {
    struct dtmf_receiver receiver;
    struct dtmf_received heard[128];
    size_t count;
    int64_t now_ns;
};

static struct ear ear_new(void)
{
    struct ear ear = {0};
    dtmf_receiver_init(&ear.receiver);
    return ear;
}

static void keep(struct ear *ear, bool over, const struct dtmf_received *ended)
{
    if (over) {
        assert_true(ear->count < sizeof ear->heard / sizeof ear->heard[0]);
        ear->heard[ear->count++] = *ended;
    }
}

static void packet(struct ear *ear, unsigned event, uint32_t timestamp, unsigned flags,
                   unsigned duration, bool marker)
{
    struct dtmf_received ended;
    uint8_t payload[] = {(uint8_t)event, (uint8_t)(flags | 7), (uint8_t)(duration >> 8),
                         (uint8_t)duration};
    keep(ear, dtmf_receive(&ear->receiver, payload, 4, timestamp, 1, marker, ear->now_ns, &ended),
         &ended);
    ear->now_ns += PTIME;
}

static void expire(struct ear *ear)
{
    struct dtmf_received ended;
    keep(ear, dtmf_expire(&ear->receiver, ear->now_ns, PTIME, &ended), &ended);
}

static void a_digit_is_over_with_its_third_end_packet(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    ear.now_ns = 5 * PTIME;
    packet(&ear, 9, 4000, 0, 160, true);
    packet(&ear, 9, 4000, 0, 320, false);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ear.count, 0);
        packet(&ear, 9, 4000, END, 480, false);
    }
    for (int i = 0; i < 10; i++) {
        packet(&ear, 9, 4000, END, 480, false);
        expire(&ear);
    }
    assert_int_equal(ear.count, 1);
    assert_int_equal(ear.heard[0].event, 9);
    assert_int_equal(ear.heard[0].volume, 7);
    assert_int_equal(ear.heard[0].duration, 480);
    assert_int_equal(ear.heard[0].packets, 5);
    assert_int_equal(ear.heard[0].ends, 3);
    assert_true(ear.heard[0].marked);
    assert_false(ear.heard[0].started_late);
    assert_int_equal(ear.heard[0].start_ns, 5 * PTIME);
}

static void a_peer_of_rfc2833_without_marker_and_with_one_end_is_heard(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    for (unsigned digit = 0; digit < 3; digit++) {
        for (unsigned i = 1; i <= 4; i++)
            packet(&ear, digit, digit * 1600, i == 4 ? END : 0, i * 160, false);
        assert_int_equal(ear.count, digit);
    }
    ear.now_ns += PTIME;
    expire(&ear);
    assert_int_equal(ear.count, 2);
    ear.now_ns += PTIME;
    expire(&ear);
    expire(&ear);
    assert_int_equal(ear.count, 3);
    for (unsigned digit = 0; digit < 3; digit++) {
        assert_int_equal(ear.heard[digit].event, digit);
        assert_int_equal(ear.heard[digit].duration, 640);
        assert_int_equal(ear.heard[digit].ends, 1);
        assert_false(ear.heard[digit].marked);
        assert_false(ear.heard[digit].started_late);
    }
}

static void the_same_digit_twice_is_two_digits(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    packet(&ear, 1, 0, 0, 160, true);
    packet(&ear, 1, 0, 0, 320, false); /* all its end packets are lost */
    packet(&ear, 1, 960, 0, 160, true);
    packet(&ear, 1, 960, END, 320, false);
    ear.now_ns += 2 * PTIME;
    expire(&ear);
    assert_int_equal(ear.count, 2);
    assert_int_equal(ear.heard[0].ends, 0);
    assert_int_equal(ear.heard[0].duration, 320);
    assert_int_equal(ear.heard[1].ends, 1);
}

static void a_digit_right_behind_the_end_of_the_same_is_no_segment_of_it(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    packet(&ear, 1, 0, 0, 160, false);
    packet(&ear, 1, 0, END, 320, false);
    packet(&ear, 1, 320, 0, 160, false);
    packet(&ear, 1, 320, END, 320, false);
    ear.now_ns += 2 * PTIME;
    expire(&ear);
    assert_int_equal(ear.count, 2);
    assert_int_equal(ear.heard[0].duration, 320);
    assert_int_equal(ear.heard[1].duration, 320);
}

static void a_lost_first_packet_shows(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    packet(&ear, 1, 0, 0, 320, false);
    packet(&ear, 1, 0, 0, 480, false);
    for (int i = 0; i < 3; i++)
        packet(&ear, 1, 0, END, 500, false);
    assert_int_equal(ear.count, 1);
    assert_true(ear.heard[0].started_late);
    /* Overtaken is not lost. */
    packet(&ear, 2, 8000, 0, 320, false);
    packet(&ear, 2, 8000, 0, 160, true);
    packet(&ear, 2, 8000, 0, 480, false);
    for (int i = 0; i < 3; i++)
        packet(&ear, 2, 8000, END, 500, false);
    assert_false(ear.heard[1].started_late);
    assert_true(ear.heard[1].marked);
}

static void late_packets_of_an_earlier_digit_are_no_digit(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    packet(&ear, 1, 0, 0, 160, true);
    packet(&ear, 2, 1600, 0, 160, true);
    packet(&ear, 1, 0, END, 320, false);
    packet(&ear, 2, 1600, 0, 320, false);
    packet(&ear, 1, 0, END, 320, false);
    for (int i = 0; i < 3; i++)
        packet(&ear, 2, 1600, END, 320, false);
    packet(&ear, 1, 0, END, 320, false);
    assert_int_equal(ear.count, 2);
    assert_int_equal(ear.heard[1].packets, 5);
    assert_int_equal(ear.receiver.late, 3);
}

static void timestamps_that_begin_anew_are_a_new_digit(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    packet(&ear, 1, 5000000, 0, 160, true);
    packet(&ear, 1, 100, 0, 160, true);
    assert_int_equal(ear.count, 1);
}

static void a_new_source_is_a_new_digit(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    struct dtmf_received ended;
    packet(&ear, 1, 0, 0, 160, true);
    const uint8_t same[] = {1, 7, 0, 160};
    assert_true(dtmf_receive(&ear.receiver, same, 4, 0, 2, true, ear.now_ns, &ended));
    assert_int_equal(ended.packets, 1);
}

/* ---- a sender, a network, this receiver ---- */

struct wire {
    uint32_t timestamp, number;
    bool marker;
    uint8_t payload[DTMF_PAYLOAD_BYTES];
};

static void arrive(struct ear *ear, struct impairment *impairment, bool *seen)
{
    struct wire wire;
    uint8_t bytes[IMPAIRMENT_BYTES];
    struct dtmf_received ended;
    int64_t due_ns;
    while (impairment_take(impairment, ear->now_ns, bytes, &due_ns)) {
        memcpy(&wire, bytes, sizeof wire);
        /* As rtp_receiver tells copies, by their sequence number. */
        if (!seen[wire.number])
            keep(ear,
                 dtmf_receive(&ear->receiver, wire.payload, 4, wire.timestamp, 1, wire.marker,
                              due_ns, &ended),
                 &ended);
        seen[wire.number] = true;
    }
    expire(ear);
}

#define WIRE_MAX 20000

/* Sends digits through a network and returns how many packets were sent. */
static uint32_t send_through(struct ear *ear, const char *digits, uint32_t duration,
                             const struct impairment_config *config, uint64_t seed)
{
    struct dtmf_sender sender;
    struct impairment *impairment = impairment_new(config, seed);
    bool *seen = mem_alloc(WIRE_MAX);
    struct wire wire = {0};
    uint32_t timestamp = UINT32_MAX - 5000;
    memset(seen, 0, WIRE_MAX);
    dtmf_sender_init(&sender, 7);
    for (; *digits; digits++)
        assert_true(dtmf_send(&sender, dtmf_event(*digits), duration, 480));
    for (unsigned idle = 0; idle < 100; timestamp += STEP) {
        struct dtmf_packet sent;
        if (dtmf_next(&sender, timestamp, STEP, &sent)) {
            wire.timestamp = sent.timestamp;
            wire.marker = sent.marker;
            memcpy(wire.payload, sent.payload, sizeof wire.payload);
            impairment_offer(impairment, (const uint8_t *)&wire, sizeof wire, ear->now_ns);
            assert_true(++wire.number < WIRE_MAX);
        }
        for (int64_t end = ear->now_ns + PTIME; ear->now_ns < end; ear->now_ns += 5 * MS)
            arrive(ear, impairment, seen);
        idle = dtmf_idle(&sender) ? idle + 1 : 0;
    }
    impairment_free(impairment);
    free(seen);
    return wire.number;
}

static const char dialled[] = "0123456789*#ABCD1100998855";

static void check_dialled(const struct ear *ear)
{
    assert_int_equal(ear->count, sizeof dialled - 1);
    for (size_t i = 0; i < ear->count; i++)
        assert_int_equal(dtmf_digit(ear->heard[i].event), dialled[i]);
}

static void what_is_sent_is_received(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    uint32_t sent = send_through(&ear, dialled, 900, &(struct impairment_config){0}, 1), heard = 0;
    check_dialled(&ear);
    for (size_t i = 0; i < ear.count; i++) {
        heard += ear.heard[i].packets;
        assert_int_equal(ear.heard[i].duration, 900);
        assert_int_equal(ear.heard[i].ends, DTMF_ENDS);
        assert_int_equal(ear.heard[i].volume, 7);
        assert_true(ear.heard[i].marked && !ear.heard[i].started_late);
        if (i) /* 900 of tone, 480 of gap: the next begins with a packet time */
            assert_int_equal(ear.heard[i].start_ns - ear.heard[i - 1].start_ns, 9 * PTIME);
    }
    assert_int_equal(heard, sent);
}

static void digits_survive_a_bad_network(void **state)
{
    (void)state;
    static const struct impairment_config networks[] = {
        {.loss = 20},
        {.reorder = 20, .distance = 2, .delay_ns = 40 * MS},
        {.duplicate = 50},
        {.jitter_ns = 30 * MS},
        {.loss = 10, .reorder = 10, .duplicate = 20, .delay_ns = 40 * MS, .jitter_ns = 8 * MS},
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            struct ear ear = ear_new();
            send_through(&ear, dialled, 1600, &networks[i], seed);
            check_dialled(&ear);
            for (size_t j = 0; j < ear.count; j++) {
                assert_true(ear.heard[j].duration <= 1600 && ear.heard[j].ends <= DTMF_ENDS);
                assert_true(!ear.heard[j].ends || ear.heard[j].duration == 1600);
            }
        }
}

static void segments_are_one_digit_also_when_packets_are_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct ear ear = ear_new();
        struct impairment_config config = {.loss = seed ? 10 : 0, .reorder = seed ? 5 : 0};
        send_through(&ear, "5#5", 170000, &config, seed);
        assert_int_equal(ear.count, 3);
        for (size_t i = 0; i < 3; i++)
            assert_true(!ear.heard[i].ends || ear.heard[i].duration == 170000);
        assert_true(seed || ear.heard[2].ends == DTMF_ENDS);
    }
}

static void hostile_payloads_give_at_most_one_event_each(void **state)
{
    (void)state;
    struct ear ear = ear_new();
    struct random random;
    struct dtmf_received ended;
    random_init(&random, 1);
    const uint8_t valid[] = {5, END | 10, 3, 32};
    for (int i = 0; i < MUTATIONS; i++) {
        size_t length;
        uint8_t *bytes = mutate(&random, valid, sizeof valid, &length);
        uint64_t malformed = ear.receiver.malformed;
        bool over = dtmf_receive(&ear.receiver, bytes, length,
                                 (uint32_t)random_next(&random) << random_below(&random, 32),
                                 (uint32_t)random_below(&random, 2), random_below(&random, 2),
                                 (int64_t)random_next(&random) >> 2, &ended);
        bool wrong = length < 4 || length % 4;
        assert_int_equal(ear.receiver.malformed, malformed + wrong);
        assert_false(wrong && over);
        if (over)
            assert_true(ended.packets >= 1 && ended.ends <= DTMF_ENDS && ended.volume <= 63);
        free(bytes);
    }
}

SPECIFICATION(cmocka_unit_test(a_digit_is_over_with_its_third_end_packet),
              cmocka_unit_test(a_peer_of_rfc2833_without_marker_and_with_one_end_is_heard),
              cmocka_unit_test(the_same_digit_twice_is_two_digits),
              cmocka_unit_test(a_digit_right_behind_the_end_of_the_same_is_no_segment_of_it),
              cmocka_unit_test(a_lost_first_packet_shows),
              cmocka_unit_test(late_packets_of_an_earlier_digit_are_no_digit),
              cmocka_unit_test(timestamps_that_begin_anew_are_a_new_digit),
              cmocka_unit_test(a_new_source_is_a_new_digit),
              cmocka_unit_test(what_is_sent_is_received),
              cmocka_unit_test(digits_survive_a_bad_network),
              cmocka_unit_test(segments_are_one_digit_also_when_packets_are_lost),
              cmocka_unit_test(hostile_payloads_give_at_most_one_event_each))
