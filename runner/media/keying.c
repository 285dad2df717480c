#include "keying_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

/* Larger packets are not tried with the key of before. Media packets fit into a frame of Ethernet.
 */
#define PACKET_TRIED_MAX 2048

void keying_secret_new(struct keying_secret *secret, const struct suite *suite)
{
    *secret = (struct keying_secret){.suite = suite};
    /* Its only failure is a kernel without random numbers, and then nothing here may go on. */
    if (RAND_priv_bytes(secret->bytes, (int)(suite->key_bytes + suite->salt_bytes)) != 1)
        abort();
}

bool keying_fail(struct keying_state *state, const char *why)
{
    if (!state->error)
        state->error = mem_strdup(why);
    return false;
}

static bool take_one(struct crypto_context **context, const struct keying_secret *secret,
                     bool outgoing)
{
    if (!secret->suite)
        return true;
    *context = crypto_context_new(secret, outgoing);
    return *context != NULL;
}

bool keying_take(struct keying_state *state, size_t lane, const struct keying_secret *local,
                 const struct keying_secret *remote)
{
    struct lane *to = &state->lanes[lane];
    if (!take_one(&to->out, local, true) || !take_one(&to->in, remote, false))
        return keying_fail(state, "libsrtp2 does not take the keys: its self-test or the "
                                  "making of a session failed");
    state->totals.suite = local->suite;
    return true;
}

struct keying_state *keying_new(const struct keying_config *config, int64_t now_ns)
{
    struct keying_state *state = mem_alloc(sizeof *state);
    state->row = config->row;
    state->lane_count = 1;
    if (config->row->start)
        config->row->start(state, config, now_ns);
    return state;
}

void keying_free(struct keying_state *state)
{
    if (!state)
        return;
    for (size_t i = 0; i < state->lane_count; i++) {
        crypto_context_free(state->lanes[i].out);
        crypto_context_free(state->lanes[i].in);
        crypto_context_free(state->lanes[i].before);
        dtls_free(state->lanes[i].dtls);
    }
    free(state->error);
    free(state);
}

void keying_fetch(const struct keying_state *state, bool second)
{
    const struct lane *lane = &state->lanes[0];
    if (!second) {
        __builtin_prefetch(state, 1);
        __builtin_prefetch(&lane->dtls, 1);
        __builtin_prefetch(&state->totals.received, 1);
        return;
    }
    if (lane->out)
        crypto_context_fetch(lane->out);
    if (lane->in)
        crypto_context_fetch(lane->in);
}

static struct lane *lane_of(struct keying_state *state, bool rtcp)
{
    return &state->lanes[rtcp && state->lane_count == 2];
}

static enum keying_status without_keys(const struct keying_state *state)
{
    return state->error ? KEYING_FAILED : KEYING_NOT_READY;
}

enum keying_status keying_protect(struct keying_state *state, bool rtcp, uint8_t *bytes,
                                  size_t *length, size_t capacity)
{
    struct lane *lane = lane_of(state, rtcp);
    enum keying_status status = KEYING_OK;
    if (state->row->secured)
        status = lane->out ? crypto_context_protect(lane->out, rtcp, bytes, length, capacity)
                           : without_keys(state);
    if (status == KEYING_OK)
        state->totals.sent++;
    else
        state->totals.send_refused++;
    return status;
}

static enum keying_status count(struct keying_totals *totals, enum keying_status status)
{
    switch (status) {
    case KEYING_OK:
        totals->received++;
        break;
    case KEYING_AUTH_FAILED:
        totals->auth_failed++;
        break;
    case KEYING_REPLAYED:
        totals->replayed++;
        break;
    case KEYING_NOT_READY:
    case KEYING_FAILED:
        totals->early++;
        break;
    default:
        totals->malformed++;
    }
    return status;
}

/* With the present key, then with that of before. */
static enum keying_status unprotect_either(struct keying_state *state, struct lane *lane, bool rtcp,
                                           uint8_t *bytes, size_t *length)
{
    uint8_t kept[PACKET_TRIED_MAX];
    size_t size = *length;
    if (size > sizeof kept)
        return crypto_context_unprotect(lane->in, rtcp, bytes, length);
    memcpy(kept, bytes, size);
    enum keying_status status = crypto_context_unprotect(lane->in, rtcp, bytes, length);
    if (status != KEYING_AUTH_FAILED)
        return status;
    memcpy(bytes, kept, size);
    *length = size;
    status = crypto_context_unprotect(lane->before, rtcp, bytes, length);
    if (status == KEYING_OK)
        state->totals.late_key++;
    return status;
}

enum keying_status keying_unprotect(struct keying_state *state, bool rtcp, uint8_t *bytes,
                                    size_t *length, int64_t now_ns)
{
    struct lane *lane = lane_of(state, rtcp);
    if (!state->row->secured)
        return count(&state->totals, KEYING_OK);
    if (!lane->in)
        return count(&state->totals, without_keys(state));
    if (lane->before && now_ns >= lane->before_ns) {
        crypto_context_free(lane->before);
        lane->before = NULL;
    }
    return count(&state->totals, lane->before
                                     ? unprotect_either(state, lane, rtcp, bytes, length)
                                     : crypto_context_unprotect(lane->in, rtcp, bytes, length));
}

/* Takes what a handshake has come to. */
static void settle(struct keying_state *state, size_t at)
{
    struct lane *lane = &state->lanes[at];
    if (dtls_progress(lane->dtls) == DTLS_BROKEN) {
        keying_fail(state, dtls_error(lane->dtls));
    } else if (dtls_progress(lane->dtls) == DTLS_DONE && !lane->out) {
        struct keying_secret local, remote;
        dtls_secrets(lane->dtls, &local, &remote);
        if (keying_take(state, at, &local, &remote))
            state->totals.handshakes++;
        OPENSSL_cleanse(&local, sizeof local);
        OPENSSL_cleanse(&remote, sizeof remote);
    }
    state->totals.rehandshakes = 0;
    for (size_t i = 0; i < state->lane_count; i++)
        state->totals.rehandshakes += dtls_rehandshakes(state->lanes[i].dtls);
}

/* A state whose start failed has no handshakes. */
static bool shakes(const struct keying_state *state)
{
    bool all = state->row->handshakes;
    for (size_t i = 0; i < state->lane_count; i++)
        all = all && state->lanes[i].dtls;
    return all;
}

enum keying_status keying_input(struct keying_state *state, unsigned channel, const uint8_t *bytes,
                                size_t length, int64_t now_ns)
{
    if (!shakes(state))
        return count(&state->totals, state->error ? KEYING_FAILED : KEYING_MALFORMED);
    if (channel >= state->lane_count || packet_kind(bytes, length) != PACKET_DTLS)
        return count(&state->totals, KEYING_MALFORMED);
    dtls_input(state->lanes[channel].dtls, bytes, length, now_ns);
    settle(state, channel);
    return state->error ? KEYING_FAILED : KEYING_OK;
}

size_t keying_output(struct keying_state *state, unsigned *channel, uint8_t *out, size_t capacity,
                     int64_t now_ns)
{
    size_t length = 0;
    for (size_t i = 0; shakes(state) && i < state->lane_count && length == 0; i++) {
        dtls_tick(state->lanes[i].dtls, now_ns);
        settle(state, i);
        *channel = (unsigned)i;
        length = dtls_output(state->lanes[i].dtls, out, capacity);
    }
    return length;
}

int64_t keying_due(const struct keying_state *state, int64_t now_ns)
{
    int64_t due = KEYING_NEVER;
    for (size_t i = 0; shakes(state) && i < state->lane_count; i++) {
        int64_t lane = dtls_due(state->lanes[i].dtls, now_ns);
        due = lane < due ? lane : due;
    }
    return due;
}

bool keying_ready(const struct keying_state *state)
{
    bool ready = true;
    for (size_t i = 0; state->row->secured && i < state->lane_count; i++)
        ready = ready && state->lanes[i].out && state->lanes[i].in;
    return ready;
}

const char *keying_error(const struct keying_state *state)
{
    return state->error;
}

static bool rekey_in(struct keying_state *state, struct lane *lane,
                     const struct keying_secret *remote, int64_t now_ns)
{
    struct crypto_context *before = crypto_context_remainder(lane->in);
    if (!before || !crypto_context_rekey(lane->in, remote)) {
        crypto_context_free(before);
        return false;
    }
    crypto_context_free(lane->before);
    lane->before = before;
    lane->before_ns = now_ns + KEYING_OVERLAP_NS;
    state->totals.rekeyings++;
    return true;
}

bool keying_rekey(struct keying_state *state, const struct keying_secret *local,
                  const struct keying_secret *remote, int64_t now_ns)
{
    struct lane *lane = &state->lanes[0];
    if (!state->row->secured || state->row->handshakes || !lane->out || !local->suite ||
        !remote->suite)
        return false;
    if (!lane->in) {
        if (!take_one(&lane->in, remote, false))
            return false;
    } else if (!crypto_context_has(lane->in, remote) && !rekey_in(state, lane, remote, now_ns)) {
        return false;
    }
    if (!crypto_context_has(lane->out, local)) {
        if (!crypto_context_rekey(lane->out, local))
            return false;
        state->totals.rekeyings++;
    }
    state->totals.suite = local->suite;
    return true;
}

const struct keying_totals *keying_totals(const struct keying_state *state)
{
    return &state->totals;
}

enum packet_kind packet_kind(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return PACKET_UNKNOWN;
    uint8_t first = bytes[0];
    if (first <= 3)
        return PACKET_STUN;
    if (first >= 16 && first <= 19)
        return PACKET_ZRTP;
    if (first >= 20 && first <= 63)
        return PACKET_DTLS;
    if (first >= 64 && first <= 79)
        return PACKET_TURN;
    if (first < 128 || first > 191)
        return PACKET_UNKNOWN;
    return bytes[1] >= 192 && bytes[1] <= 223 ? PACKET_RTCP : PACKET_RTP;
}
