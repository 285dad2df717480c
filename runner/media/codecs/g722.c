/* Known by name and in SDP; it cannot be run yet. */
#include "cmtest/codec.h"

extern const struct codec codec_g722;

const struct codec codec_g722 = {
    .name = "g722",
    .encoding = "G722",
    .help = "G.722, 64 kbit/s, wide band",
    .payload_type = 9,
    .clock_rate = 8000,
    .sample_rate = 16000,
    .bit_rate = 64000,
    .ptime_ms = 20,
};
