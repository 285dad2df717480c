/*
 * meter: when packets last passed one place in one direction, and since when without a pause.
 * Written by the media thread for each packet, read by any.
 *
 * stream_changed() tells that what comes from the peer has begun or ended, once, as an event that
 * steps wait for. A meter answers at any moment, for both directions and with the last packet's
 * time, so that an expectation can tell how long the media took to stop, and compare two ends. Both
 * mean the same by a pause.
 */
#ifndef CMTEST_ENGINE_METER_H
#define CMTEST_ENGINE_METER_H

#include <stdatomic.h>
#include <stdint.h>
#include "cmtest/scenario.h"

struct meter {
    _Atomic int64_t since_ns, last_ns; /* EVENT_NONE: none came yet */
};

/* Before the first packet. */
void meter_init(struct meter *meter);
/* at_ns: clock_now() scale. */
void meter_count(struct meter *meter, int64_t at_ns);
/* A packet that comes meanwhile may be in one of the two only: since is never too early. */
struct flow meter_read(const struct meter *meter);

#endif
