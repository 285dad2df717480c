/* Streams with keys from descriptions (SDES): what is let through and what is counted. */
#include "keyings.h"
#include "mutate.h"
#include <pthread.h>

#define SSRC 0xcafebabe

static void plain_packets_pass_as_they_are(void **state)
{
    struct keying_config config = {.row = &keying_none};
    struct keying_state *keying = keying_new(&config, 0);
    uint8_t bytes[PACKET_ROOM];
    size_t length = rtp(bytes, SSRC, 1);
    (void)state;
    assert_true(keying_ready(keying));
    assert_int_equal(keying_protect(keying, false, bytes, &length, length), KEYING_OK);
    assert_packet(bytes, length, SSRC, 1);
    assert_int_equal(keying_unprotect(keying, false, bytes, &length, 0), KEYING_OK);
    assert_packet(bytes, length, SSRC, 1);
    assert_int_equal(keying_input(keying, 0, bytes, length, 0), KEYING_MALFORMED);
    assert_int_equal(keying_totals(keying)->received, 1);
    keying_free(keying);
}

static void rows_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(keying_find("none"), &keying_none);
    assert_ptr_equal(keying_find("sdes"), &keying_sdes);
    assert_ptr_equal(keying_find("dtls"), &keying_dtls);
    assert_null(keying_find("zrtp"));
}

static void every_suite_carries_rtp_and_rtcp_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct ends ends;
        ends_open(&ends, suites[i]);
        for (uint16_t sequence = 1; sequence <= 200; sequence++) {
            bool back = sequence % 2;
            struct keying_state *from = back ? ends.them : ends.us;
            struct keying_state *to = back ? ends.us : ends.them;
            uint8_t bytes[PACKET_ROOM], clear[PACKET_ROOM];
            size_t length = protected_rtp(from, bytes, SSRC, sequence);
            size_t plain = rtp(clear, SSRC, sequence);
            assert_int_equal(length, plain + suites[i]->rtp_tag_bytes);
            assert_memory_equal(bytes, clear, 12);
            assert_memory_not_equal(bytes + 12, clear + 12, PAYLOAD_BYTES);
            assert_int_equal(keying_unprotect(to, false, bytes, &length, 0), KEYING_OK);
            assert_packet(bytes, length, SSRC, sequence);
            length = plain = rtcp(bytes, SSRC);
            memcpy(clear, bytes, plain);
            assert_int_equal(keying_protect(from, true, bytes, &length, sizeof bytes), KEYING_OK);
            assert_int_equal(length, plain + suites[i]->rtcp_tag_bytes + 4);
            assert_memory_not_equal(bytes, clear, plain);
            assert_int_equal(keying_unprotect(to, true, bytes, &length, 0), KEYING_OK);
            assert_int_equal(length, plain);
            assert_memory_equal(bytes, clear, plain);
        }
        assert_ptr_equal(keying_totals(ends.us)->suite, suites[i]);
        assert_int_equal(keying_totals(ends.us)->received, 200);
        assert_int_equal(keying_totals(ends.us)->sent, 200);
        ends_close(&ends);
    }
}

static void lost_and_reordered_packets_do_no_harm(void **state)
{
    struct ends ends;
    struct random random;
    uint8_t packets[64][PACKET_ROOM];
    size_t lengths[64];
    (void)state;
    random_init(&random, 1);
    ends_open(&ends, suites[0]);
    for (int round = 0; round < 20; round++) {
        for (unsigned i = 0; i < 64; i++)
            lengths[i] = protected_rtp(ends.us, packets[i], SSRC, (uint16_t)(round * 64 + (int)i));
        /* A third is lost, the others come in any order. */
        unsigned order[64];
        for (unsigned i = 0; i < 64; i++) {
            unsigned at = (unsigned)random_below(&random, i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        for (unsigned i = 0; i < 64; i++) {
            unsigned one = order[i];
            if (one % 3)
                assert_int_equal(arrive(ends.them, packets[one], lengths[one], 0), KEYING_OK);
        }
    }
    assert_int_equal(keying_totals(ends.them)->received, 20 * 42);
    ends_close(&ends);
}

static void a_duplicate_is_a_replay(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct ends ends;
        uint8_t first[PACKET_ROOM], bytes[PACKET_ROOM], report[PACKET_ROOM];
        ends_open(&ends, suites[i]);
        size_t length = protected_rtp(ends.us, first, SSRC, 10), more, reported;
        assert_int_equal(arrive(ends.them, first, length, 0), KEYING_OK);
        assert_int_equal(arrive(ends.them, first, length, 0), KEYING_REPLAYED);
        more = protected_rtp(ends.us, bytes, SSRC, 10 + 127);
        assert_int_equal(arrive(ends.them, bytes, more, 0), KEYING_OK);
        assert_int_equal(arrive(ends.them, first, length, 0), KEYING_REPLAYED);
        /* Older than the window: nobody knows, so it does not pass. */
        more = protected_rtp(ends.us, bytes, SSRC, 10 + 500);
        assert_int_equal(arrive(ends.them, bytes, more, 0), KEYING_OK);
        assert_int_equal(arrive(ends.them, first, length, 0), KEYING_REPLAYED);
        reported = rtcp(report, SSRC);
        assert_int_equal(keying_protect(ends.us, true, report, &reported, sizeof report),
                         KEYING_OK);
        memcpy(bytes, report, reported);
        more = reported;
        assert_int_equal(keying_unprotect(ends.them, true, bytes, &more, 0), KEYING_OK);
        assert_int_equal(keying_unprotect(ends.them, true, report, &reported, 0), KEYING_REPLAYED);
        assert_int_equal(keying_totals(ends.them)->replayed, 4);
        assert_int_equal(keying_totals(ends.them)->received, 4);
        ends_close(&ends);
    }
}

static void a_sequence_number_is_not_sent_twice(void **state)
{
    struct ends ends;
    uint8_t bytes[PACKET_ROOM];
    (void)state;
    ends_open(&ends, suites[0]);
    protected_rtp(ends.us, bytes, SSRC, 5);
    size_t length = rtp(bytes, SSRC, 5);
    assert_int_equal(keying_protect(ends.us, false, bytes, &length, sizeof bytes), KEYING_REPLAYED);
    assert_int_equal(keying_totals(ends.us)->send_refused, 1);
    ends_close(&ends);
}

static void a_wrong_key_is_counted_and_nothing_passes(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct ends ends;
        uint8_t bytes[PACKET_ROOM];
        ends_open(&ends, suites[i]);
        struct keying_state *other = sdes(&ends.theirs, &ends.theirs);
        for (uint16_t sequence = 0; sequence < 50; sequence++) {
            size_t length = protected_rtp(ends.us, bytes, SSRC, sequence);
            assert_int_equal(arrive(other, bytes, length, 0), KEYING_AUTH_FAILED);
        }
        size_t length = rtp(bytes, SSRC, 50);
        assert_int_equal(arrive(other, bytes, length, 0), KEYING_AUTH_FAILED);
        assert_int_equal(keying_totals(other)->auth_failed, 51);
        assert_int_equal(keying_totals(other)->received, 0);
        keying_free(other);
        ends_close(&ends);
    }
}

static void one_changed_bit_anywhere_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct ends ends;
        uint8_t bytes[PACKET_ROOM];
        ends_open(&ends, suites[i]);
        size_t length = protected_rtp(ends.us, bytes, SSRC, 1);
        for (size_t bit = 0; bit < length * 8; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_not_equal(arrive(ends.them, bytes, length, 0), KEYING_OK);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        for (size_t cut = 0; cut < length; cut++)
            assert_int_not_equal(arrive(ends.them, bytes, cut, 0), KEYING_OK);
        assert_int_equal(arrive(ends.them, bytes, length, 0), KEYING_OK);
        ends_close(&ends);
    }
}

static void hostile_packets_are_counted_and_the_stream_goes_on(void **state)
{
    struct random random;
    (void)state;
    random_init(&random, 7);
    for (size_t i = 0; suites[i]; i++) {
        struct ends ends;
        uint8_t good[PACKET_ROOM], packet[PACKET_ROOM];
        ends_open(&ends, suites[i]);
        size_t length = protected_rtp(ends.us, good, SSRC, 1);
        assert_int_equal(arrive(ends.them, good, length, 0), KEYING_OK);
        for (unsigned j = 0; j < 17000; j++) {
            bool report = j % 2;
            size_t size = 1 + random_below(&random, 200), mutated;
            for (size_t at = 0; at < size; at++)
                packet[at] = (uint8_t)random_next(&random);
            packet[0] = j % 5 ? (uint8_t)(0x80 | (packet[0] & 0x3f)) : packet[0];
            uint8_t *bytes = j % 3 ? mutate(&random, packet, size, &mutated)
                                   : mutate(&random, good, length, &mutated);
            keying_unprotect(ends.them, report, bytes, &mutated, 0);
            free(bytes);
        }
        const struct keying_totals *totals = keying_totals(ends.them);
        assert_int_equal(totals->received, 1);
        assert_true(totals->auth_failed > 1000 && totals->malformed > 1000);
        assert_int_equal(
            totals->received + totals->auth_failed + totals->malformed + totals->replayed, 17001);
        length = protected_rtp(ends.us, good, SSRC, 2);
        assert_int_equal(arrive(ends.them, good, length, 0), KEYING_OK);
        ends_close(&ends);
    }
}

static void the_rollover_counter_follows_the_sequence_number(void **state)
{
    struct ends ends;
    uint8_t bytes[PACKET_ROOM], late[PACKET_ROOM];
    size_t late_length = 0;
    (void)state;
    ends_open(&ends, suite_find("AEAD_AES_128_GCM"));
    /* Three times around, with losses, and one that comes after the wrap but is from before. */
    for (uint32_t index = 65000; index < 3 * 65536 + 100; index++) {
        size_t length = protected_rtp(ends.us, bytes, SSRC, (uint16_t)index);
        if (index == 65535) {
            memcpy(late, bytes, length);
            late_length = length;
        } else if (index % 7) {
            assert_int_equal(keying_unprotect(ends.them, false, bytes, &length, 0), KEYING_OK);
        }
        if (index == 65536 + 20)
            assert_int_equal(arrive(ends.them, late, late_length, 0), KEYING_OK);
    }
    assert_int_equal(keying_totals(ends.them)->auth_failed, 0);
    /* Who joins now has a counter of 0, and cannot know better (RFC 3711 3.3.1). */
    struct keying_state *joiner = sdes(&ends.theirs, &ends.ours);
    size_t length = protected_rtp(ends.us, bytes, SSRC, 100);
    assert_int_equal(arrive(joiner, bytes, length, 0), KEYING_AUTH_FAILED);
    keying_free(joiner);
    ends_close(&ends);
}

static void any_ssrc_is_taken_and_the_oldest_is_forgotten(void **state)
{
    struct ends ends;
    uint8_t first[PACKET_ROOM], bytes[PACKET_ROOM];
    (void)state;
    ends_open(&ends, suites[0]);
    size_t length = protected_rtp(ends.us, first, 1, 9);
    assert_int_equal(arrive(ends.them, first, length, 0), KEYING_OK);
    for (uint32_t ssrc = 2; ssrc <= 16; ssrc++) {
        size_t more = protected_rtp(ends.us, bytes, ssrc, 9);
        assert_int_equal(arrive(ends.them, bytes, more, 0), KEYING_OK);
    }
    assert_int_equal(arrive(ends.them, first, length, 0), KEYING_REPLAYED);
    for (uint32_t ssrc = 17; ssrc <= 5000; ssrc++) {
        size_t more = protected_rtp(ends.us, bytes, ssrc, 9);
        assert_int_equal(arrive(ends.them, bytes, more, 0), KEYING_OK);
    }
    assert_int_equal(arrive(ends.them, first, length, 0), KEYING_OK);
    ends_close(&ends);
}

static void too_little_room_changes_nothing(void **state)
{
    struct ends ends;
    uint8_t bytes[PACKET_ROOM];
    size_t length = rtp(bytes, SSRC, 1), plain = length;
    (void)state;
    ends_open(&ends, suites[0]);
    assert_int_equal(keying_protect(ends.us, false, bytes, &length, plain + 9), KEYING_NO_ROOM);
    assert_packet(bytes, length, SSRC, 1);
    assert_int_equal(keying_protect(ends.us, false, bytes, &length, plain + 10), KEYING_OK);
    length = 4;
    assert_int_equal(keying_protect(ends.us, false, bytes, &length, sizeof bytes),
                     KEYING_MALFORMED);
    ends_close(&ends);
}

static void no_key_of_ours_is_an_error(void **state)
{
    struct keying_config config = {.row = &keying_sdes};
    uint8_t bytes[PACKET_ROOM];
    size_t length = rtp(bytes, SSRC, 1);
    (void)state;
    struct keying_state *keying = keying_new(&config, 0);
    assert_non_null(keying_error(keying));
    assert_int_equal(keying_protect(keying, false, bytes, &length, sizeof bytes), KEYING_FAILED);
    assert_int_equal(keying_unprotect(keying, false, bytes, &length, 0), KEYING_FAILED);
    keying_free(keying);
}

static void thousands_of_streams_do_not_slow_each_other_down(void **state)
{
    enum { STREAMS = 2000 };
    struct ends *ends = mem_array(STREAMS, sizeof *ends);
    uint8_t bytes[PACKET_ROOM];
    (void)state;
    for (size_t i = 0; i < STREAMS; i++)
        ends_open(&ends[i], suites[i % 6]);
    for (uint16_t sequence = 0; sequence < 5; sequence++) {
        for (size_t i = 0; i < STREAMS; i++) {
            size_t length = protected_rtp(ends[i].us, bytes, SSRC, sequence);
            assert_int_equal(arrive(ends[i].them, bytes, length, 0), KEYING_OK);
        }
    }
    for (size_t i = 0; i < STREAMS; i++)
        ends_close(&ends[i]);
    free(ends);
}

static void *converse(void *unused)
{
    uintptr_t wrong = 0;
    for (size_t i = 0; i < 60; i++) {
        struct ends ends;
        ends_open(&ends, suites[i % 6]);
        for (uint16_t sequence = 0; sequence < 20; sequence++) {
            uint8_t bytes[PACKET_ROOM];
            size_t length = rtp(bytes, SSRC, sequence);
            wrong += keying_protect(ends.us, false, bytes, &length, sizeof bytes) != KEYING_OK;
            wrong += keying_unprotect(ends.them, false, bytes, &length, 0) != KEYING_OK;
        }
        ends_close(&ends);
    }
    (void)unused;
    return (void *)wrong;
}

static void threads_do_not_meet(void **state)
{
    pthread_t threads[4];
    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, converse, NULL), 0);
    for (size_t i = 0; i < 4; i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

static void datagrams_are_told_apart_by_their_first_bytes(void **state)
{
    static const struct {
        uint8_t bytes[2];
        enum packet_kind kind;
    } cases[] = {{{0, 1}, PACKET_STUN},      {{3, 0}, PACKET_STUN},      {{4, 0}, PACKET_UNKNOWN},
                 {{16, 0}, PACKET_ZRTP},     {{20, 254}, PACKET_DTLS},   {{63, 254}, PACKET_DTLS},
                 {{64, 0}, PACKET_TURN},     {{79, 0}, PACKET_TURN},     {{80, 0}, PACKET_UNKNOWN},
                 {{127, 0}, PACKET_UNKNOWN}, {{0x80, 8}, PACKET_RTP},    {{0x80, 200}, PACKET_RTCP},
                 {{0x80, 191}, PACKET_RTP},  {{0x81, 192}, PACKET_RTCP}, {{0xbf, 223}, PACKET_RTCP},
                 {{0x80, 224}, PACKET_RTP},  {{192, 0}, PACKET_UNKNOWN}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(packet_kind(cases[i].bytes, 2), cases[i].kind);
    assert_int_equal(packet_kind((const uint8_t *)"\x80", 1), PACKET_UNKNOWN);
}

SPECIFICATION(cmocka_unit_test(plain_packets_pass_as_they_are),
              cmocka_unit_test(rows_are_found_by_name),
              cmocka_unit_test(every_suite_carries_rtp_and_rtcp_both_ways),
              cmocka_unit_test(lost_and_reordered_packets_do_no_harm),
              cmocka_unit_test(a_duplicate_is_a_replay),
              cmocka_unit_test(a_sequence_number_is_not_sent_twice),
              cmocka_unit_test(a_wrong_key_is_counted_and_nothing_passes),
              cmocka_unit_test(one_changed_bit_anywhere_is_noticed),
              cmocka_unit_test(hostile_packets_are_counted_and_the_stream_goes_on),
              cmocka_unit_test(the_rollover_counter_follows_the_sequence_number),
              cmocka_unit_test(any_ssrc_is_taken_and_the_oldest_is_forgotten),
              cmocka_unit_test(too_little_room_changes_nothing),
              cmocka_unit_test(no_key_of_ours_is_an_error),
              cmocka_unit_test(thousands_of_streams_do_not_slow_each_other_down),
              cmocka_unit_test(threads_do_not_meet),
              cmocka_unit_test(datagrams_are_told_apart_by_their_first_bytes))
