/* Known by name and in SDP; it cannot be run yet. */
#include "cmtest/codec.h"

extern const struct codec codec_opus;

const struct codec codec_opus = {
    .name = "opus",
    .encoding = "opus",
    .help = "Opus, up to full band",
    .payload_type = -1,
    .clock_rate = 48000,
    .channels = 2,
    .sample_rate = 48000,
    .bit_rate = 32000,
    .ptime_ms = 20,
};
