/* The sender, by RFC 4733: durations in units of 1/8000 s, packets of 160. */
#include <string.h>
#include "support/specification.h"
#include "cmtest/dtmf.h"

#define STEP 160u

struct sent {
    uint32_t at; /* the packet time it went out in */
    uint32_t timestamp;
    unsigned event, volume, duration;
    bool marker, end;
};

struct line {
    struct dtmf_sender sender;
    uint32_t now;
    struct sent sent[4096];
    size_t count;
};

static struct line line_of(uint32_t start)
{
    struct line line = {.now = start};
    dtmf_sender_init(&line.sender, 10);
    return line;
}

static bool tick(struct line *line)
{
    struct dtmf_packet packet;
    bool is_event = dtmf_next(&line->sender, line->now, STEP, &packet);
    if (is_event) {
        assert_true(line->count < sizeof line->sent / sizeof line->sent[0]);
        line->sent[line->count++] =
            (struct sent){.at = line->now,
                          .timestamp = packet.timestamp,
                          .event = packet.payload[0],
                          .volume = packet.payload[1] & 0x3f,
                          .end = packet.payload[1] & 0x80,
                          .duration = (unsigned)(packet.payload[2] << 8 | packet.payload[3]),
                          .marker = packet.marker};
    }
    line->now += STEP;
    return is_event;
}

static void run(struct line *line, unsigned ticks)
{
    for (; ticks; ticks--)
        tick(line);
}

static void the_16_digits_are_events_0_to_15(void **state)
{
    (void)state;
    const char *digits = "0123456789*#ABCD";
    for (int i = 0; i < 16; i++) {
        assert_int_equal(dtmf_event(digits[i]), i);
        assert_int_equal(dtmf_digit(i), digits[i]);
    }
    assert_int_equal(dtmf_event('a'), 12);
    assert_int_equal(dtmf_event('d'), 15);
    const char *none = "eE xX-+\x01\x7f\xff";
    for (size_t i = 0; i <= strlen(none); i++)
        assert_int_equal(dtmf_event(none[i]), -1);
    assert_int_equal(dtmf_digit(16), '?');
    assert_int_equal(dtmf_digit(-1), '?');
}

static void a_digit_grows_to_its_duration_and_ends_three_times(void **state)
{
    (void)state;
    struct line line = line_of(UINT32_MAX - 300); /* the timestamp wraps within it */
    assert_true(dtmf_idle(&line.sender));
    assert_true(dtmf_send(&line.sender, 5, 800, 400));
    assert_false(dtmf_idle(&line.sender));
    run(&line, 20);
    assert_true(dtmf_idle(&line.sender));
    static const unsigned durations[] = {160, 320, 480, 640, 800, 800, 800};
    assert_int_equal(line.count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(line.sent[i].at, UINT32_MAX - 300 + (uint32_t)i * STEP);
        assert_int_equal(line.sent[i].timestamp, UINT32_MAX - 300);
        assert_int_equal(line.sent[i].event, 5);
        assert_int_equal(line.sent[i].volume, 10);
        assert_int_equal(line.sent[i].duration, durations[i]);
        assert_int_equal(line.sent[i].marker, i == 0);
        assert_int_equal(line.sent[i].end, i >= 4);
    }
}

static void a_duration_need_not_be_whole_packets(void **state)
{
    (void)state;
    struct line line = line_of(0);
    assert_true(dtmf_send(&line.sender, 1, 500, 0));
    assert_true(dtmf_send(&line.sender, 2, 40, 0));
    run(&line, 20);
    static const unsigned durations[] = {160, 320, 480, 500, 500, 500, 40, 40, 40};
    assert_int_equal(line.count, 9);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(line.sent[i].duration, durations[i]);
    assert_true(line.sent[6].marker && line.sent[6].end);
    assert_int_equal(line.sent[6].timestamp, 6 * STEP);
}

static void the_gap_begins_where_the_tone_ends(void **state)
{
    (void)state;
    struct line line = line_of(1000);
    for (int event = 0; event < 3; event++)
        assert_true(dtmf_send(&line.sender, event, 800, 960));
    run(&line, 40);
    assert_int_equal(line.count, 21);
    /* 800 of tone, 960 of gap, in packet times of 160: 11 of them. */
    assert_int_equal(line.sent[7].timestamp, 1000 + 11 * STEP);
    assert_int_equal(line.sent[14].timestamp, 1000 + 22 * STEP);
    assert_true(line.sent[7].marker && line.sent[14].marker);
}

static void a_gap_shorter_than_the_end_packets_takes_as_long_as_they(void **state)
{
    (void)state;
    struct line line = line_of(0);
    dtmf_send(&line.sender, 1, 320, 10);
    dtmf_send(&line.sender, 1, 320, 10);
    run(&line, 20);
    assert_int_equal(line.count, 8);
    assert_int_equal(line.sent[4].timestamp, 4 * STEP);
}

static void audio_is_sent_in_the_gap_and_after(void **state)
{
    (void)state;
    struct line line = line_of(0);
    assert_false(tick(&line));
    dtmf_send(&line.sender, 1, 160, 1600);
    dtmf_send(&line.sender, 2, 160, 0);
    for (unsigned i = 0; i < 30; i++)
        assert_int_equal(tick(&line), i < 3 || (i >= 11 && i < 14));
}

static void a_long_event_goes_in_segments(void **state)
{
    (void)state;
    for (uint32_t over = 0; over < 4; over++) {
        const uint32_t duration = 2 * 0xFFFFu + over * 200;
        struct line line = line_of(UINT32_MAX - 1000);
        dtmf_send(&line.sender, 15, duration, 0);
        run(&line, duration / STEP + 20);
        assert_true(dtmf_idle(&line.sender));
        uint32_t start = line.sent[0].timestamp, ends = 0;
        for (size_t i = 0; i < line.count; i++) {
            struct sent *sent = &line.sent[i], *before = i ? sent - 1 : NULL;
            ends += sent->end;
            assert_int_equal(sent->marker, i == 0);
            if (!before)
                continue;
            if (sent->timestamp != before->timestamp) {
                assert_int_equal(before->duration, 0xFFFF);
                assert_false(before->end);
                assert_int_equal(sent->timestamp - before->timestamp, 0xFFFF);
            } else if (!before->end) {
                assert_true(sent->duration > before->duration);
            }
        }
        struct sent *last = &line.sent[line.count - 1];
        assert_int_equal(ends, DTMF_ENDS);
        assert_int_equal(last->timestamp - start + last->duration, duration);
        assert_int_equal(last->timestamp - start, over ? 2 * 0xFFFF : 0xFFFF);
    }
}

static void the_queue_holds_64_and_goes_around(void **state)
{
    (void)state;
    struct line line = line_of(0);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < DTMF_QUEUE; i++)
            assert_true(dtmf_send(&line.sender, i % 16, 160, 0));
        assert_false(dtmf_send(&line.sender, 1, 160, 0));
        line.count = 0;
        run(&line, DTMF_QUEUE * DTMF_ENDS);
        assert_true(dtmf_idle(&line.sender));
        for (int i = 0; i < DTMF_QUEUE; i++)
            assert_int_equal(line.sent[i * DTMF_ENDS].event, i % 16);
    }
}

static void what_is_no_event_is_refused(void **state)
{
    (void)state;
    struct line line = line_of(0);
    assert_false(dtmf_send(&line.sender, -1, 160, 0));
    assert_false(dtmf_send(&line.sender, 16, 160, 0));
    assert_false(dtmf_send(&line.sender, 1, 0, 0));
    assert_true(dtmf_idle(&line.sender));
}

static void a_gap_ends_however_long_it_is_and_volume_is_clamped(void **state)
{
    (void)state;
    struct dtmf_sender sender;
    struct dtmf_packet packet;
    dtmf_sender_init(&sender, 200);
    dtmf_send(&sender, 1, 160, UINT32_MAX);
    dtmf_send(&sender, 2, 160, 0);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(dtmf_next(&sender, i * STEP, STEP, &packet));
    assert_int_equal(packet.payload[1], 0x80 | 63);
    assert_false(dtmf_next(&sender, 159 + (1u << 30), STEP, &packet));
    assert_true(dtmf_next(&sender, 160 + (1u << 30), STEP, &packet));
}

static void packet_times_that_were_missed_count_in_the_duration(void **state)
{
    (void)state;
    struct line line = line_of(0);
    dtmf_send(&line.sender, 1, 1600, 0);
    tick(&line);
    line.now += 4 * STEP;
    run(&line, 20);
    assert_int_equal(line.sent[1].duration, 6 * STEP);
    assert_int_equal(line.count, 2 + 4 + 2);
}

SPECIFICATION(cmocka_unit_test(the_16_digits_are_events_0_to_15),
              cmocka_unit_test(a_digit_grows_to_its_duration_and_ends_three_times),
              cmocka_unit_test(a_duration_need_not_be_whole_packets),
              cmocka_unit_test(the_gap_begins_where_the_tone_ends),
              cmocka_unit_test(a_gap_shorter_than_the_end_packets_takes_as_long_as_they),
              cmocka_unit_test(audio_is_sent_in_the_gap_and_after),
              cmocka_unit_test(a_long_event_goes_in_segments),
              cmocka_unit_test(the_queue_holds_64_and_goes_around),
              cmocka_unit_test(what_is_no_event_is_refused),
              cmocka_unit_test(a_gap_ends_however_long_it_is_and_volume_is_clamped),
              cmocka_unit_test(packet_times_that_were_missed_count_in_the_duration))
