/*
 * keyings: two ends of a stream with keys from descriptions, and packets for them.
 */
#ifndef TESTS_MEDIA_KEYINGS_H
#define TESTS_MEDIA_KEYINGS_H

#include "support/specification.h"
#include <string.h>
#include "cmtest/keying.h"

#define PAYLOAD_BYTES 160
#define PACKET_ROOM 256

extern const struct keying keying_none, keying_sdes, keying_dtls;

struct ends {
    struct keying_secret ours, theirs;
    struct keying_state *us, *them;
};

static inline struct keying_state *sdes(const struct keying_secret *local,
                                        const struct keying_secret *remote)
{
    struct keying_config config = {.row = &keying_sdes, .local = *local};
    if (remote)
        config.remote = *remote;
    struct keying_state *state = keying_new(&config, 0);
    assert_null(keying_error(state));
    return state;
}

static inline void ends_open(struct ends *ends, const struct suite *suite)
{
    keying_secret_new(&ends->ours, suite);
    keying_secret_new(&ends->theirs, suite);
    ends->us = sdes(&ends->ours, &ends->theirs);
    ends->them = sdes(&ends->theirs, &ends->ours);
}

static inline void ends_close(struct ends *ends)
{
    keying_free(ends->us);
    keying_free(ends->them);
}

/* Both return the length. */
static inline size_t rtp(uint8_t *bytes, uint32_t ssrc, uint16_t sequence)
{
    uint8_t head[12] = {0x80, 8, (uint8_t)(sequence >> 8), (uint8_t)sequence, 0, 0, 0, 1};
    for (int i = 0; i < 4; i++)
        head[8 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
    memcpy(bytes, head, sizeof head);
    for (size_t i = 0; i < PAYLOAD_BYTES; i++)
        bytes[sizeof head + i] = (uint8_t)(i + sequence);
    return sizeof head + PAYLOAD_BYTES;
}

static inline size_t rtcp(uint8_t *bytes, uint32_t ssrc)
{
    uint8_t report[28] = {0x80, 200, 0, 6};
    for (int i = 0; i < 4; i++)
        report[4 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
    memcpy(bytes, report, sizeof report);
    return sizeof report;
}

/* What arrived is what was sent. */
static inline void assert_packet(const uint8_t *bytes, size_t length, uint32_t ssrc,
                                 uint16_t sequence)
{
    uint8_t sent[PACKET_ROOM];
    assert_int_equal(length, rtp(sent, ssrc, sequence));
    assert_memory_equal(bytes, sent, length);
}

/* A protected RTP packet. */
static inline size_t protected_rtp(struct keying_state *state, uint8_t *bytes, uint32_t ssrc,
                                   uint16_t sequence)
{
    size_t length = rtp(bytes, ssrc, sequence);
    assert_int_equal(keying_protect(state, false, bytes, &length, PACKET_ROOM), KEYING_OK);
    return length;
}

/* Takes a copy, so that the packet can be given again. */
static inline enum keying_status arrive(struct keying_state *state, const uint8_t *bytes,
                                        size_t length, int64_t now_ns)
{
    uint8_t copy[PACKET_ROOM];
    memcpy(copy, bytes, length);
    return keying_unprotect(state, false, copy, &length, now_ns);
}

#endif
