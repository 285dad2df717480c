#include "crew_private.h"

static void widen(int64_t *most, int64_t value)
{
    if (value > *most)
        *most = value;
}

/* What is counted is added up. Of the lateness, whose distribution each keeps to itself, it is the
 * latest one's, which that of all together does not exceed. */
void pacing_merge(struct event_pacing *all, const struct event_pacing *one)
{
    if (!one->packets)
        return;
    all->packets += one->packets;
    all->skipped += one->skipped;
    all->over_5ms += one->over_5ms;
    all->over_20ms += one->over_20ms;
    widen(&all->p50_ns, one->p50_ns);
    widen(&all->p99_ns, one->p99_ns);
    widen(&all->max_ns, one->max_ns);
}
