/*
 * keying_private: what the rows of keyings and keying.c share.
 */
#ifndef MEDIA_KEYING_PRIVATE_H
#define MEDIA_KEYING_PRIVATE_H

#include "crypto_context.h"
#include "dtls.h"
#include "cmtest/keying.h"

/* What has keys of its own: a stream, or its RTP and its RTCP where each has a handshake. */
struct lane {
    struct crypto_context *out, *in;
    struct crypto_context *before; /* with the peer's key of before, until before_ns */
    int64_t before_ns;
    struct dtls *dtls;
};

/* What every packet touches stands first. */
struct keying_state {
    const struct keying *row;
    size_t lane_count;
    char *error;          /* NULL: none */
    struct lane lanes[2]; /* RTP and RTCP, or both in the first */
    struct keying_totals totals;
};

/* Keeps the first reason; returns false. */
bool keying_fail(struct keying_state *state, const char *why);

/* Gives a lane its keys; those without a suite are not known yet. */
bool keying_take(struct keying_state *state, size_t lane, const struct keying_secret *local,
                 const struct keying_secret *remote);

#endif
