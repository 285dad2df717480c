/*
 * dtls_path: two ends of a stream with keys from a handshake, and the path between them, which
 * loses and reorders what it is told to.
 */
#ifndef TESTS_MEDIA_DTLS_PATH_H
#define TESTS_MEDIA_DTLS_PATH_H

#include "keyings.h"
#include "mutate.h"
#include <time.h>

#define SSRC 0x12345678
#define SECOND INT64_C(1000000000)
#define FLIGHT_MAX 64

static inline int64_t real_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

static inline struct dtls_identity *identity(void)
{
    struct dtls_identity *made = dtls_identity_new((int64_t)time(NULL));
    assert_non_null(made);
    return made;
}

/* That expects the certificate of `other`. */
static inline struct keying_config towards(const struct dtls_identity *own,
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

static inline void path_prepare(struct path *path)
{
    *path = (struct path){.ours = identity(), .theirs = identity()};
    path->us = towards(path->ours, path->theirs, true);
    path->them = towards(path->theirs, path->ours, false);
    random_init(&path->random, 5);
}

static inline void path_open(struct path *path)
{
    path->a = keying_new(&path->us, real_ns());
    path->b = keying_new(&path->them, real_ns());
}

static inline void path_close(struct path *path)
{
    keying_free(path->a);
    keying_free(path->b);
    dtls_identity_free(path->ours);
    dtls_identity_free(path->theirs);
}

/* All that one end has to say, to the other, in heap memory of just its size. */
static inline bool carry(struct path *path, struct keying_state *from, struct keying_state *to)
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
static inline void converse(struct path *path)
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

static inline void assert_media(struct path *path, uint16_t first)
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

#endif
