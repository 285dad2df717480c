#include "cmtest/drift.h"

#include <math.h>

#define SPAN_MIN_NS INT64_C(2000000000)
#define PAIRS_MIN 3

/* Readings are told by a peer: they may be anything, and so far apart that the difference wraps. */
static int64_t since(int64_t first, int64_t now)
{
    return (int64_t)((uint64_t)now - (uint64_t)first);
}

void drift_add(struct drift *drift, int64_t x_ns, int64_t y_ns)
{
    if (!drift->count++) {
        drift->first_x = x_ns;
        drift->first_y = y_ns;
    }
    int64_t from_x = since(drift->first_x, x_ns), from_y = since(drift->first_y, y_ns);
    if (from_x < drift->low_x)
        drift->low_x = from_x;
    if (from_x > drift->high_x)
        drift->high_x = from_x;
    /* Updated means (Welford 1962): plain sums of squares would lose what matters. */
    double n = (double)drift->count;
    double x = (double)from_x / 1e9, apart = (double)since(from_x, from_y) / 1e9;
    double off_x = x - drift->mean_x;
    drift->mean_x += off_x / n;
    drift->mean_apart += (apart - drift->mean_apart) / n;
    drift->sum_xx += off_x * (x - drift->mean_x);
    drift->sum_xa += off_x * (apart - drift->mean_apart);
}

bool drift_ppm(const struct drift *drift, double *ppm)
{
    uint64_t span = (uint64_t)drift->high_x - (uint64_t)drift->low_x;
    if (drift->count < PAIRS_MIN || span < SPAN_MIN_NS || !(drift->sum_xx > 0))
        return false;
    *ppm = drift->sum_xa / drift->sum_xx * 1e6;
    return isfinite(*ppm);
}
