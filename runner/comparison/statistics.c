#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/random.h"

#define SEED 20260101

double sample_mean(struct sample sample)
{
    double sum = 0;
    for (size_t i = 0; i < sample.count; i++)
        sum += sample.values[i];
    return sample.count ? sum / (double)sample.count : (double)NAN;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Acklam's rational start would do, but a bisection of erfc has no constants to get wrong. */
double normal_quantile(double p)
{
    double low = -40, high = 40;
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        if (erfc(-middle / sqrt(2)) / 2 < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* ---- proportions ------------------------------------------------------------------------ */

static double log_choose(uint64_t n, uint64_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double fisher_test(uint64_t hits_a, uint64_t count_a, uint64_t hits_b, uint64_t count_b)
{
    if (!count_a || !count_b)
        return 1;
    uint64_t hits = hits_a + hits_b;
    uint64_t first = hits > count_b ? hits - count_b : 0;
    uint64_t last = hits < count_a ? hits : count_a;
    double all = log_choose(count_a + count_b, hits), p = 0;
    double own = log_choose(count_a, hits_a) + log_choose(count_b, hits_b) - all;
    for (uint64_t k = first; k <= last; k++) {
        double each = log_choose(count_a, k) + log_choose(count_b, hits - k) - all;
        if (each <= own + 1e-7)
            p += exp(each);
    }
    return fmin(p, 1);
}

static struct interval wilson(uint64_t hits, uint64_t count, double z)
{
    double n = (double)count, p = (double)hits / n, zz = z * z;
    double centre = (2 * n * p + zz) / (2 * (n + zz));
    double half = z * sqrt(zz + 4 * n * p * (1 - p)) / (2 * (n + zz));
    return (struct interval){fmax(centre - half, 0), fmin(centre + half, 1)};
}

struct interval newcombe(uint64_t hits_a, uint64_t count_a, uint64_t hits_b, uint64_t count_b,
                         double alpha)
{
    if (!count_a || !count_b)
        return (struct interval){(double)NAN, (double)NAN};
    double z = normal_quantile(1 - alpha / 2);
    struct interval a = wilson(hits_a, count_a, z), b = wilson(hits_b, count_b, z);
    double pa = (double)hits_a / (double)count_a, pb = (double)hits_b / (double)count_b;
    return (struct interval){pb - pa - hypot(pb - b.low, a.high - pa),
                             pb - pa + hypot(b.high - pb, pa - a.low)};
}

/* ---- means ------------------------------------------------------------------------------ */

static double squares(struct sample sample, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < sample.count; i++)
        sum += (sample.values[i] - mean) * (sample.values[i] - mean);
    return sum;
}

static double error_of_mean(struct sample sample)
{
    double n = (double)sample.count;
    return sample.count < 2 ? 0 : squares(sample, sample_mean(sample)) / (n - 1) / n;
}

static double resampled(struct random *random, struct sample sample)
{
    double sum = 0;
    for (size_t i = 0; i < sample.count; i++)
        sum += sample.values[random_below(random, sample.count)];
    return sum / (double)sample.count;
}

struct interval mean_interval(struct sample a, struct sample b, double alpha)
{
    if (!a.count || !b.count)
        return (struct interval){(double)NAN, (double)NAN};
    if (a.count + b.count > BOOTSTRAP_VALUES_MAX) {
        double difference = sample_mean(b) - sample_mean(a);
        double half = normal_quantile(1 - alpha / 2) * sqrt(error_of_mean(a) + error_of_mean(b));
        return (struct interval){difference - half, difference + half};
    }
    double *turns = mem_array(BOOTSTRAP_TURNS, sizeof *turns);
    struct random random;
    random_init(&random, SEED);
    for (size_t i = 0; i < BOOTSTRAP_TURNS; i++) {
        double mean = resampled(&random, a);
        turns[i] = resampled(&random, b) - mean;
    }
    qsort(turns, BOOTSTRAP_TURNS, sizeof *turns, ascending);
    size_t tail = (size_t)(alpha / 2 * BOOTSTRAP_TURNS);
    struct interval found = {turns[tail], turns[BOOTSTRAP_TURNS - 1 - tail]};
    free(turns);
    return found;
}

/* ---- families --------------------------------------------------------------------------- */

struct ranked {
    double p;
    size_t place;
};

static int by_p(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    return (a->p > b->p) - (a->p < b->p);
}

void holm(double *p, size_t count)
{
    if (!count)
        return;
    struct ranked *sorted = mem_array(count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct ranked){p[i], i};
    qsort(sorted, count, sizeof *sorted, by_p);
    double highest = 0;
    for (size_t i = 0; i < count; i++) {
        highest = fmax(highest, fmin(1, sorted[i].p * (double)(count - i)));
        p[sorted[i].place] = highest;
    }
    free(sorted);
}
