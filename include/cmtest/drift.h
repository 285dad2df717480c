/*
 * drift: two clocks compared by a straight line through pairs of their readings (least squares).
 * Of sender reports: the RTP clock against the sender's own NTP clock, and against our arrival
 * times. Bounded: means and sums only; zeroed to begin.
 */
#ifndef CMTEST_DRIFT_H
#define CMTEST_DRIFT_H

#include <stdbool.h>
#include <stdint.h>

struct drift {
    uint64_t count;
    int64_t first_x, first_y;
    int64_t low_x, high_x; /* from first_x */
    /* Of x, and of how far y is from it, which is small: so it keeps its digits. s. */
    double mean_x, mean_apart, sum_xx, sum_xa;
};

/* A pair of readings, both in ns of their clock. */
void drift_add(struct drift *drift, int64_t x_ns, int64_t y_ns);
/* How much faster y runs than x, parts per million; false: fewer than 3 pairs or less than 2 s of
 * x. */
bool drift_ppm(const struct drift *drift, double *ppm);

#endif
