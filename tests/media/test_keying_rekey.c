/* Keys that come later, and other keys in the middle of a call. */
#include "keyings.h"

#define SSRC 0xcafebabe

static void without_the_peers_key_packets_are_early(void **state)
{
    struct ends ends;
    uint8_t bytes[PACKET_ROOM];
    (void)state;
    ends_open(&ends, suites[0]);
    struct keying_state *waiting = sdes(&ends.theirs, NULL);
    size_t length = protected_rtp(ends.us, bytes, SSRC, 1);
    assert_false(keying_ready(waiting));
    assert_int_equal(arrive(waiting, bytes, length, 0), KEYING_NOT_READY);
    assert_true(keying_rekey(waiting, &ends.theirs, &ends.ours, 0));
    assert_true(keying_ready(waiting));
    assert_int_equal(arrive(waiting, bytes, length, 0), KEYING_OK);
    assert_int_equal(keying_totals(waiting)->early, 1);
    assert_int_equal(keying_totals(waiting)->rekeyings, 0);
    keying_free(waiting);
    ends_close(&ends);
}

static void a_new_key_overlaps_with_the_one_before(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct ends ends;
        struct keying_secret next;
        uint8_t before[PACKET_ROOM], later[PACKET_ROOM], bytes[PACKET_ROOM];
        ends_open(&ends, suites[i]);
        keying_secret_new(&next, suites[i]);
        /* Over the wrap: the rollover counter has to go on, not to begin again. */
        for (uint32_t index = 65530; index < 65540; index++) {
            size_t length = protected_rtp(ends.us, bytes, SSRC, (uint16_t)index);
            assert_int_equal(arrive(ends.them, bytes, length, 0), KEYING_OK);
        }
        size_t one = protected_rtp(ends.us, before, SSRC, 4);
        size_t two = protected_rtp(ends.us, later, SSRC, 5);
        assert_true(keying_rekey(ends.us, &next, &ends.theirs, 0));
        assert_true(keying_rekey(ends.them, &ends.theirs, &next, 0));
        size_t length = protected_rtp(ends.us, bytes, SSRC, 6);
        assert_int_equal(arrive(ends.them, bytes, length, 1), KEYING_OK);
        assert_int_equal(arrive(ends.them, before, one, 1), KEYING_OK);
        assert_int_equal(arrive(ends.them, before, one, 1), KEYING_REPLAYED);
        assert_int_equal(arrive(ends.them, later, two, KEYING_OVERLAP_NS), KEYING_AUTH_FAILED);
        assert_int_equal(keying_totals(ends.them)->late_key, 1);
        assert_int_equal(keying_totals(ends.them)->rekeyings, 1);
        assert_int_equal(keying_totals(ends.us)->rekeyings, 1);
        length = protected_rtp(ends.them, bytes, SSRC, 7);
        assert_int_equal(arrive(ends.us, bytes, length, 1), KEYING_OK);
        ends_close(&ends);
    }
}

static void an_unchanged_key_is_no_rekeying(void **state)
{
    struct ends ends;
    uint8_t bytes[PACKET_ROOM];
    (void)state;
    ends_open(&ends, suites[0]);
    size_t length = protected_rtp(ends.us, bytes, SSRC, 4);
    assert_int_equal(arrive(ends.them, bytes, length, 0), KEYING_OK);
    assert_true(keying_rekey(ends.them, &ends.theirs, &ends.ours, 0));
    assert_int_equal(arrive(ends.them, bytes, length, 0), KEYING_REPLAYED);
    assert_int_equal(keying_totals(ends.them)->rekeyings, 0);
    ends_close(&ends);
}

static void the_suite_may_change_in_mid_call(void **state)
{
    struct ends ends;
    struct keying_secret ours, theirs;
    uint8_t bytes[PACKET_ROOM], before[PACKET_ROOM];
    (void)state;
    ends_open(&ends, suites[0]);
    size_t one = protected_rtp(ends.us, before, SSRC, 1);
    keying_secret_new(&ours, suite_find("AEAD_AES_256_GCM"));
    keying_secret_new(&theirs, suite_find("AEAD_AES_256_GCM"));
    assert_true(keying_rekey(ends.us, &ours, &theirs, 0));
    assert_true(keying_rekey(ends.them, &theirs, &ours, 0));
    size_t length = protected_rtp(ends.us, bytes, SSRC, 2);
    assert_int_equal(length, 12 + PAYLOAD_BYTES + 16);
    assert_int_equal(arrive(ends.them, bytes, length, 0), KEYING_OK);
    assert_int_equal(arrive(ends.them, before, one, 0), KEYING_OK);
    assert_string_equal(keying_totals(ends.us)->suite->name, "AEAD_AES_256_GCM");
    ends_close(&ends);
}

SPECIFICATION(cmocka_unit_test(without_the_peers_key_packets_are_early),
              cmocka_unit_test(a_new_key_overlaps_with_the_one_before),
              cmocka_unit_test(an_unchanged_key_is_no_rekeying),
              cmocka_unit_test(the_suite_may_change_in_mid_call))
