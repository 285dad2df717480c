/* Streams with keys from a DTLS handshake, between two of ours. */
#include "dtls_path.h"

static void a_handshake_gives_both_sides_keys(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path_open(&path);
    assert_false(keying_ready(path.a));
    converse(&path);
    assert_null(keying_error(path.a));
    assert_null(keying_error(path.b));
    assert_true(keying_ready(path.a) && keying_ready(path.b));
    assert_media(&path, 1);
    assert_ptr_equal(keying_totals(path.a)->suite, suites[0]);
    assert_int_equal(keying_totals(path.a)->handshakes, 1);
    assert_int_equal(keying_totals(path.b)->rehandshakes, 0);
    assert_true(keying_due(path.a, 0) == KEYING_NEVER);
    path_close(&path);
}

static void every_profile_can_be_agreed_on(void **state)
{
    (void)state;
    for (size_t i = 0; suites[i]; i++) {
        struct path path;
        if (!suites[i]->profile)
            continue;
        path_prepare(&path);
        path.us.suites[path.us.suite_count++] = suites[i];
        path_open(&path);
        converse(&path);
        assert_ptr_equal(keying_totals(path.a)->suite, suites[i]);
        assert_ptr_equal(keying_totals(path.b)->suite, suites[i]);
        assert_media(&path, 1);
        path_close(&path);
    }
}

static void without_mux_rtcp_has_a_handshake_of_its_own(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.us.separate = path.them.separate = true;
    path_open(&path);
    converse(&path);
    assert_true(keying_ready(path.a) && keying_ready(path.b));
    assert_int_equal(keying_totals(path.a)->handshakes, 2);
    assert_media(&path, 1);
    path_close(&path);
}

static void lost_flights_are_repeated(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.loss_percent = 40;
    path_open(&path);
    converse(&path);
    assert_true(keying_ready(path.a) && keying_ready(path.b));
    assert_media(&path, 1);
    path_close(&path);
}

static void reordered_flights_are_put_in_order(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.reorder = true;
    path.loss_percent = 10;
    path_open(&path);
    converse(&path);
    assert_true(keying_ready(path.a) && keying_ready(path.b));
    assert_media(&path, 1);
    path_close(&path);
}

static void repetitions_are_announced(void **state)
{
    struct path path;
    uint8_t bytes[1500];
    unsigned channel;
    (void)state;
    path_prepare(&path);
    path_open(&path);
    assert_true(keying_output(path.a, &channel, bytes, sizeof bytes, 7) > 0);
    assert_int_equal(keying_output(path.a, &channel, bytes, sizeof bytes, 7), 0);
    int64_t due = keying_due(path.a, 7);
    assert_true(due >= 7 && due <= 7 + SECOND / 50);
    assert_true(keying_due(path.b, 7) > due);
    /* It comes by itself; the patience only fails. */
    for (int64_t give_up = real_ns() + 5 * SECOND; real_ns() < give_up;) {
        if (keying_output(path.a, &channel, bytes, sizeof bytes, 7) > 0) {
            path_close(&path);
            return;
        }
    }
    fail();
}

static void packets_before_the_keys_are_counted(void **state)
{
    struct path path;
    uint8_t bytes[PACKET_ROOM];
    size_t length = rtp(bytes, SSRC, 1);
    (void)state;
    path_prepare(&path);
    path_open(&path);
    assert_int_equal(keying_protect(path.a, false, bytes, &length, sizeof bytes), KEYING_NOT_READY);
    assert_int_equal(keying_unprotect(path.a, false, bytes, &length, 0), KEYING_NOT_READY);
    assert_int_equal(keying_totals(path.a)->early, 1);
    assert_int_equal(keying_totals(path.a)->send_refused, 1);
    converse(&path);
    assert_media(&path, 1);
    path_close(&path);
}

static void another_certificate_than_told_breaks_it_off(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        struct path path;
        path_prepare(&path);
        (who ? &path.us : &path.them)->fingerprints[0].bytes[3] ^= 1;
        path_open(&path);
        converse(&path);
        struct keying_state *judge = who ? path.a : path.b, *judged = who ? path.b : path.a;
        assert_non_null(strstr(keying_error(judge), "a=fingerprint: its fingerprint is sha-256 "));
        assert_non_null(strstr(keying_error(judged), "bad certificate"));
        assert_false(keying_ready(path.a) || keying_ready(path.b));
        uint8_t bytes[PACKET_ROOM];
        size_t length = rtp(bytes, SSRC, 1);
        assert_int_equal(keying_protect(path.a, false, bytes, &length, sizeof bytes),
                         KEYING_FAILED);
        path_close(&path);
    }
}

static void any_of_several_fingerprints_will_do_and_none_will_not(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.us.fingerprints[1] = path.us.fingerprints[0];
    path.us.fingerprints[0].bytes[0] ^= 1;
    path.us.fingerprint_count = 2;
    path_open(&path);
    converse(&path);
    assert_true(keying_ready(path.a));
    path_close(&path);
    path_prepare(&path);
    path.us.fingerprint_count = 0;
    path_open(&path);
    converse(&path);
    assert_non_null(strstr(keying_error(path.a), "no a=fingerprint"));
    path_close(&path);
}

static void no_common_profile_breaks_it_off(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.us.suites[path.us.suite_count++] = suite_of_profile(7);
    path.them.suites[path.them.suite_count++] = suite_of_profile(1);
    path_open(&path);
    converse(&path);
    assert_non_null(strstr(keying_error(path.a), "profile"));
    assert_false(keying_ready(path.a) || keying_ready(path.b));
    path_close(&path);
}

static void suites_without_a_profile_cannot_start(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.us.suites[path.us.suite_count++] = suite_find("AES_256_CM_HMAC_SHA1_80");
    path_open(&path);
    assert_non_null(keying_error(path.a));
    converse(&path);
    assert_true(keying_due(path.a, 0) == KEYING_NEVER);
    path_close(&path);
}

static void two_active_sides_are_a_conflict(void **state)
{
    struct path path;
    (void)state;
    path_prepare(&path);
    path.them.active = true;
    path_open(&path);
    converse(&path);
    assert_non_null(strstr(keying_error(path.a), "both are the active one"));
    assert_non_null(strstr(keying_error(path.b), "both are the active one"));
    path_close(&path);
}

static void silence_ends_when_patience_does(void **state)
{
    struct path path;
    uint8_t bytes[1500];
    unsigned channel;
    (void)state;
    path_prepare(&path);
    path.us.active = false;
    path.us.patience_ns = path.them.patience_ns = 5 * SECOND;
    path.them.active = true;
    path.us.retransmit_ns = path.them.retransmit_ns = 3600 * SECOND;
    path.a = keying_new(&path.us, 0);
    path.b = keying_new(&path.them, 0);
    assert_true(keying_due(path.a, 1) == 5 * SECOND);
    assert_true(keying_due(path.b, 1) == 5 * SECOND);
    keying_output(path.a, &channel, bytes, sizeof bytes, 5 * SECOND - 1);
    assert_null(keying_error(path.a));
    keying_output(path.a, &channel, bytes, sizeof bytes, 5 * SECOND);
    keying_output(path.b, &channel, bytes, sizeof bytes, 5 * SECOND);
    assert_string_equal(keying_error(path.a),
                        "the peer is the active one and sent no ClientHello in 5 s");
    assert_string_equal(keying_error(path.b), "the peer did not answer our ClientHello in 5 s");
    assert_true(keying_due(path.a, 6 * SECOND) == KEYING_NEVER);
    path_close(&path);
}

static void a_new_handshake_is_counted_and_refused(void **state)
{
    struct path path;
    uint8_t bytes[1500];
    unsigned channel;
    (void)state;
    path_prepare(&path);
    path_open(&path);
    converse(&path);
    assert_media(&path, 1);
    struct keying_state *again = keying_new(&path.us, real_ns());
    size_t length = keying_output(again, &channel, bytes, sizeof bytes, real_ns());
    assert_true(length > 0);
    assert_int_equal(keying_input(path.b, 0, bytes, length, real_ns()), KEYING_OK);
    assert_int_equal(keying_input(path.b, 0, bytes, length, real_ns()), KEYING_OK);
    assert_int_equal(keying_totals(path.b)->rehandshakes, 1);
    assert_int_equal(keying_totals(path.b)->handshakes, 1);
    keying_free(again);
    assert_media(&path, 100);
    path_close(&path);
}

SPECIFICATION(cmocka_unit_test(a_handshake_gives_both_sides_keys),
              cmocka_unit_test(every_profile_can_be_agreed_on),
              cmocka_unit_test(without_mux_rtcp_has_a_handshake_of_its_own),
              cmocka_unit_test(lost_flights_are_repeated),
              cmocka_unit_test(reordered_flights_are_put_in_order),
              cmocka_unit_test(repetitions_are_announced),
              cmocka_unit_test(packets_before_the_keys_are_counted),
              cmocka_unit_test(another_certificate_than_told_breaks_it_off),
              cmocka_unit_test(any_of_several_fingerprints_will_do_and_none_will_not),
              cmocka_unit_test(no_common_profile_breaks_it_off),
              cmocka_unit_test(suites_without_a_profile_cannot_start),
              cmocka_unit_test(two_active_sides_are_a_conflict),
              cmocka_unit_test(silence_ends_when_patience_does),
              cmocka_unit_test(a_new_handshake_is_counted_and_refused))
