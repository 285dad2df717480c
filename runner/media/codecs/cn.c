/* Known by name and in SDP; it cannot be run yet. */
#include "cmtest/codec.h"

extern const struct codec codec_cn;

const struct codec codec_cn = {
    .name = "cn",
    .encoding = "CN",
    .help = "comfort noise (RFC 3389)",
    .payload_type = 13,
    .clock_rate = 8000,
    .sample_rate = 8000,
    .ptime_ms = 20,
};
