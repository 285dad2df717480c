#include "read.h"

static bool read(const struct event *event, enum event_direction direction, double *value)
{
    (void)direction;
    const struct event_call *call = read_call(event);
    return call && call->secured && read_ms(call->handshake_ns, value);
}

const struct metric metric_dtls_handshake_time = {
    .name = "dtls_handshake_time",
    .kind = METRIC_DISTRIBUTION,
    .unit = UNIT_MS,
    .directions = METRIC_PLAIN,
    .category = "call timing",
    .help = "The first DTLS handshake of a call, from when keys were agreed to come by it to the "
            "packet that completed it; one sample per side of a call.",
    .standard = "RFC 5763, RFC 5764",
    .due = DUE_SIDE,
    .own_signalling = true,
    .needs = NEEDS_DTLS,
    .own_timing = true,
    .better = BETTER_LOWER,
    .reads = EVENT_CALL,
    .read = read,
};
