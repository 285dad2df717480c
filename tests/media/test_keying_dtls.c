/* Streams with keys from a DTLS handshake: between two of ours, and with plain OpenSSL. */
#include "keyings.h"
#include "mutate.h"
#include <time.h>

#define SSRC 0x12345678
#define SECOND INT64_C(1000000000)
#define FLIGHT_MAX 64

static int64_t real_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

static struct dtls_identity *identity(void)
{
    struct dtls_identity *made = dtls_identity_new((int64_t)time(NULL));
    assert_non_null(made);
    return made;
}

/* That expects the certificate of `other`. */
static struct keying_config towards(const struct dtls_identity *own,
                                    const struct dtls_identity *other, bool active)
{
    struct keying_config config = {.row = &keying_dtls,
                                   .identity = own,
                                   .active = active,
                                   .fingerprint_count = 1,
                                   .retransmit_ns = SECOND / 50};
    config.fingerprints[0] = *dtls_identity_fingerprint(other);
    return config;
}

struct path {
    struct dtls_identity *ours, *theirs;
    struct keying_config us, them; /* to be changed before path_open() */
    struct keying_state *a, *b;
    unsigned loss_percent;
    bool reorder;
    struct random random;
    size_t datagrams;
};

static void path_prepare(struct path *path)
{
    *path = (struct path){.ours = identity(), .theirs = identity()};
    path->us = towards(path->ours, path->theirs, true);
    path->them = towards(path->theirs, path->ours, false);
    random_init(&path->random, 5);
}

static void path_open(struct path *path)
{
    path->a = keying_new(&path->us, real_ns());
    path->b = keying_new(&path->them, real_ns());
}

static void path_close(struct path *path)
{
    keying_free(path->a);
    keying_free(path->b);
    dtls_identity_free(path->ours);
    dtls_identity_free(path->theirs);
}

/* All that one end has to say, to the other, in heap memory of just its size. */
static bool carry(struct path *path, struct keying_state *from, struct keying_state *to)
{
    uint8_t *flight[FLIGHT_MAX], bytes[1500];
    size_t lengths[FLIGHT_MAX], count = 0, length;
    unsigned channels[FLIGHT_MAX];
    int64_t now = real_ns();
    while (count < FLIGHT_MAX &&
           (length = keying_output(from, &channels[count], bytes, sizeof bytes, now)) > 0) {
        assert_true(length <= KEYING_DATAGRAM_MAX);
        assert_int_equal(packet_kind(bytes, length), PACKET_DTLS);
        flight[count] = mem_alloc(length);
        memcpy(flight[count], bytes, length);
        lengths[count++] = length;
    }
    for (size_t i = 0; i < count; i++) {
        size_t one = path->reorder ? count - 1 - i : i;
        if (random_below(&path->random, 100) >= path->loss_percent)
            keying_input(to, channels[one], flight[one], lengths[one], now);
        path->datagrams++;
        free(flight[one]);
    }
    return count > 0;
}

/* Until both have keys or one has given up, and nobody has anything to say. On a slow machine a
 * flight is repeated before its answer comes, and then a repetition may be all that helps. */
static void converse(struct path *path)
{
    int64_t give_up = real_ns() + 20 * SECOND;
    bool more = true;
    while (more) {
        more = carry(path, path->a, path->b);
        more |= carry(path, path->b, path->a);
        bool open = !keying_error(path->a) && !keying_error(path->b) &&
                    !(keying_ready(path->a) && keying_ready(path->b));
        more |= open && real_ns() < give_up;
    }
}

static void assert_media(struct path *path, uint16_t first)
{
    for (uint16_t sequence = first; sequence < first + 20; sequence++) {
        uint8_t bytes[PACKET_ROOM];
        size_t length = protected_rtp(path->a, bytes, SSRC, sequence);
        assert_int_equal(keying_unprotect(path->b, false, bytes, &length, 0), KEYING_OK);
        assert_packet(bytes, length, SSRC, sequence);
        length = protected_rtp(path->b, bytes, SSRC + 1, sequence);
        assert_int_equal(keying_unprotect(path->a, false, bytes, &length, 0), KEYING_OK);
        assert_packet(bytes, length, SSRC + 1, sequence);
        length = rtcp(bytes, SSRC);
        assert_int_equal(keying_protect(path->a, true, bytes, &length, sizeof bytes), KEYING_OK);
        assert_int_equal(keying_unprotect(path->b, true, bytes, &length, 0), KEYING_OK);
        assert_int_equal(length, 28);
    }
}

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

static void hostile_datagrams_do_not_break_a_finished_handshake(void **state)
{
    struct path path;
    uint8_t seeds[8][1500], bytes[1500];
    size_t lengths[8], count = 0, mutated;
    unsigned channel;
    (void)state;
    path_prepare(&path);
    path_open(&path);
    while (!keying_ready(path.a) || !keying_ready(path.b)) {
        struct keying_state *ends[2] = {path.a, path.b};
        for (int i = 0; i < 2; i++) {
            size_t length;
            while ((length = keying_output(ends[i], &channel, bytes, sizeof bytes, 0)) > 0) {
                memcpy(seeds[count % 8], bytes, length);
                lengths[count++ % 8] = length;
                keying_input(ends[!i], 0, bytes, length, 0);
            }
        }
    }
    for (unsigned i = 0; i < MUTATIONS; i++) {
        size_t one = i % (count < 8 ? count : 8);
        uint8_t *hostile = mutate(&path.random, seeds[one], lengths[one], &mutated);
        keying_input(i % 2 ? path.a : path.b, i % 7 == 0, hostile, mutated, 0);
        free(hostile);
    }
    while (keying_output(path.a, &channel, bytes, sizeof bytes, 0) > 0 ||
           keying_output(path.b, &channel, bytes, sizeof bytes, 0) > 0)
        continue;
    assert_null(keying_error(path.a));
    assert_true(keying_totals(path.a)->malformed > 0);
    assert_media(&path, 1);
    path_close(&path);
}

static void hostile_datagrams_during_it_are_survived(void **state)
{
    (void)state;
    for (unsigned run = 0; run < 150; run++) {
        struct path path;
        uint8_t bytes[1500];
        unsigned channel;
        size_t length, mutated;
        path_prepare(&path);
        random_init(&path.random, run);
        path_open(&path);
        for (unsigned i = 0; i < 12; i++) {
            struct keying_state *from = i % 2 ? path.b : path.a, *to = i % 2 ? path.a : path.b;
            while ((length = keying_output(from, &channel, bytes, sizeof bytes, 0)) > 0) {
                uint8_t *hostile = mutate(&path.random, bytes, length, &mutated);
                if (run % 3)
                    keying_input(to, channel, hostile, mutated, 0);
                else
                    keying_input(to, channel, bytes, length, 0);
                keying_input(from, channel, hostile, mutated, 0);
                free(hostile);
            }
        }
        path_close(&path);
    }
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
              cmocka_unit_test(a_new_handshake_is_counted_and_refused),
              cmocka_unit_test(hostile_datagrams_do_not_break_a_finished_handshake),
              cmocka_unit_test(hostile_datagrams_during_it_are_survived))
