/* SRTP with keys from the session descriptions (RFC 4568). */
#include "keying_private.h"

extern const struct keying keying_sdes;

static bool start(struct keying_state *state, const struct keying_config *config, int64_t now_ns)
{
    (void)now_ns;
    if (!config->local.suite)
        return keying_fail(state, "there is no key of ours to protect the stream with");
    return keying_take(state, 0, &config->local, &config->remote);
}

const struct keying keying_sdes = {
    .name = "sdes",
    .help = "SRTP, keys in the SDP (RFC 4568)",
    .secured = true,
    .start = start,
};
