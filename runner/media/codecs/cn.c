/* Comfort noise: taken beside a codec with the same clock, never sent: our sources have no pauses
 * that it would fill. */
#include "cmtest/codec.h"

extern const struct codec codec_cn;

const struct codec codec_cn = {
    .name = "cn",
    .encoding = "CN",
    .help = "comfort noise (RFC 3389), taken when the peer sends it",
    .kind = CODEC_NOISE,
    .payload_type = 13,
    .clock_rate = 8000,
    .sample_rate = 8000,
    .ptime_ms = 20,
};
