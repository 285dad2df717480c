/*
 * statistics: the tests and intervals that a comparison needs, over plain arrays. Pure: the same
 * numbers give the same answer. Counts of 0 give p = 1 and no interval. Private to
 * runner/comparison.
 */
#ifndef COMPARISON_STATISTICS_H
#define COMPARISON_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Up to so many values of both sides together the rank test counts every way to deal them out. */
#define RANK_EXACT_MAX 40

struct sample {
    const double *values;
    size_t count;
};

double sample_mean(struct sample sample); /* NaN of none */

/* Wilcoxon's rank sum test (Mann and Whitney 1947), two-sided, with mid-ranks for ties: exact over
 * all ways to deal out the values up to RANK_EXACT_MAX of them, then the normal approximation with
 * corrections for ties and continuity. *effect: the chance that a value of b is above one of a,
 * ties half (Vargha and Delaney 2000): 0.5 for no difference. */
double rank_test(struct sample a, struct sample b, double *effect);

/* Fisher's exact test, two-sided: the sum of all tables that are no likelier than this one. */
double fisher_test(uint64_t hits_a, uint64_t count_a, uint64_t hits_b, uint64_t count_b);

struct interval {
    double low, high;
};

/* The share of b less that of a: Newcombe 1998, method 10 (of Wilson scores). In shares of 1. */
struct interval newcombe(uint64_t hits_a, uint64_t count_a, uint64_t hits_b, uint64_t count_b,
                         double alpha);

/* The mean of b less that of a: percentiles of a bootstrap with a fixed seed up to
 * BOOTSTRAP_VALUES_MAX values, the normal approximation above. */
#define BOOTSTRAP_VALUES_MAX 400
#define BOOTSTRAP_TURNS 2000
struct interval mean_interval(struct sample a, struct sample b, double alpha);

/* p of the standard normal distribution: the value that a share p of it is below; 0 < p < 1. */
double normal_quantile(double p);

/* Holm 1979: p[i] becomes the smallest level of the whole family at which i is rejected. */
void holm(double *p, size_t count);

/* Ways to deal out a + b runs, up to 1e9: no p of a permutation test is below its inverse. */
double permutation_ways(size_t a, size_t b);

/* values[metric * (a + b) + run], the a runs first; sign[metric]: 1 when higher is worse, -1, or 0
 * for both ways. p[metric]: the share of the ways to deal out the runs (all, or 10,000 by a fixed
 * seed) in which the largest statistic of any metric is at least that of this one (Westfall and
 * Young 1993, maxT): so it holds for all metrics at once, however they depend on each other. The
 * statistic is the difference of means over the spread of all runs. */
void permutation_test(const double *values, const double *sign, size_t metrics, size_t a, size_t b,
                      double *p);

#endif
