/* SRTP with keys from a DTLS handshake on the media path (RFC 5763, RFC 5764). */
#include "keying_private.h"

extern const struct keying keying_dtls;

static bool start(struct keying_state *state, const struct keying_config *config, int64_t now_ns)
{
    state->lane_count = config->separate ? 2 : 1;
    for (size_t i = 0; i < state->lane_count; i++) {
        state->lanes[i].dtls = dtls_new(config, now_ns);
        if (!state->lanes[i].dtls)
            return keying_fail(state, "the DTLS handshake cannot be made ready: OpenSSL refused "
                                      "the certificate, the profiles or the memory");
    }
    return true;
}

const struct keying keying_dtls = {
    .name = "dtls",
    .help = "SRTP, keys by DTLS (RFC 5764)",
    .secured = true,
    .handshakes = true,
    .start = start,
};
