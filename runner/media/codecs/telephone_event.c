/* Known by name and in SDP; it cannot be run yet. */
#include "cmtest/codec.h"

extern const struct codec codec_telephone_event;

const struct codec codec_telephone_event = {
    .name = "telephone-event",
    .encoding = "telephone-event",
    .help = "digits as RTP events (RFC 4733)",
    .payload_type = -1,
    .clock_rate = 8000,
    .sample_rate = 8000,
    .ptime_ms = 20,
};
