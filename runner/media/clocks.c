#include <math.h>
#include <string.h>
#include "clocks.h"

/* A clock that goes further wrong than this between two reports was set anew. */
#define ASTRAY_NS 1e9

static void begin(struct clocks *clocks, uint32_t ssrc)
{
    memset(clocks, 0, sizeof *clocks);
    clocks->ssrc = ssrc;
}

static int64_t ns_of(int64_t units, uint32_t clock_rate)
{
    return units / clock_rate * 1000000000 + units % clock_rate * 1000000000 / clock_rate;
}

void clocks_report(struct clocks *clocks, uint32_t ssrc, uint64_t ntp, uint32_t rtp_timestamp,
                   uint32_t clock_rate, int64_t arrival_ns)
{
    if (!clocks->known || clocks->ssrc != ssrc) {
        begin(clocks, ssrc);
    } else {
        int32_t units = (int32_t)(rtp_timestamp - clocks->rtp_timestamp);
        double arrived = (double)(arrival_ns - clocks->arrival_ns);
        double wall = (double)(int64_t)(ntp - clocks->ntp) * 1e9 / 4294967296.0;
        if (fabs(units * 1e9 / clock_rate - arrived) > ASTRAY_NS ||
            fabs(wall - arrived) > ASTRAY_NS) {
            begin(clocks, ssrc);
        } else {
            clocks->units += units;
            clocks->ntp_ns += (int64_t)wall;
        }
    }
    clocks->known = true;
    clocks->rtp_timestamp = rtp_timestamp;
    clocks->ntp = ntp;
    clocks->arrival_ns = arrival_ns;
    drift_add(&clocks->arrival, arrival_ns, ns_of(clocks->units, clock_rate));
    drift_add(&clocks->wall, clocks->ntp_ns, ns_of(clocks->units, clock_rate));
}

void clocks_second(const struct clocks *clocks, struct event_second *second)
{
    double ppm;

    if (drift_ppm(&clocks->arrival, &ppm))
        second_set(second, READING_CLOCK_DRIFT, ppm);
    if (drift_ppm(&clocks->wall, &ppm))
        second_set(second, READING_CLOCK_SKEW, ppm);
}
