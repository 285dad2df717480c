#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/random.h"

#define SEED 20260102
#define TURNS 10000

double permutation_ways(size_t a, size_t b)
{
    double ways = 1;
    for (size_t i = 1; i <= a && ways < 1e9; i++)
        ways = ways * (double)(b + i) / (double)i;
    return fmin(ways, 1e9);
}

struct deal {
    const double *values, *sign;
    double *spread; /* of all runs, per metric; 0: all are alike */
    size_t metrics, a, b;
};

static double statistic(const struct deal *deal, size_t metric, const bool *second)
{
    size_t runs = deal->a + deal->b;
    double sums[2] = {0, 0};
    for (size_t i = 0; i < runs; i++)
        sums[second[i]] += deal->values[metric * runs + i];
    if (deal->spread[metric] <= 0)
        return 0;
    double moved = (sums[1] / (double)deal->b - sums[0] / (double)deal->a) / deal->spread[metric];
    return deal->sign[metric] == 0 ? fabs(moved) : moved * deal->sign[metric];
}

static double largest(const struct deal *deal, const bool *second)
{
    double found = -INFINITY;
    for (size_t m = 0; m < deal->metrics; m++)
        found = fmax(found, statistic(deal, m, second));
    return found;
}

/* The next choice of as many runs, in the order of their places; false behind the last one. */
static bool next(bool *second, size_t runs)
{
    size_t i = 0, ones = 0;
    while (i < runs && !second[i])
        i++;
    for (; i < runs && second[i]; i++)
        ones++;
    if (i == runs)
        return false;
    second[i] = true;
    for (size_t k = 0; k < i; k++)
        second[k] = k + 1 < ones;
    return true;
}

static void shuffle(struct random *random, bool *second, size_t runs)
{
    for (size_t i = runs - 1; i > 0; i--) {
        size_t with = (size_t)random_below(random, i + 1);
        bool kept = second[i];
        second[i] = second[with];
        second[with] = kept;
    }
}

static double spread(const double *values, size_t count)
{
    struct sample sample = {values, count};
    double mean = sample_mean(sample), sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    double found = sqrt(sum / (double)count);
    return found > 1e-12 * fabs(mean) ? found : 0;
}

void permutation_test(const double *values, const double *sign, size_t metrics, size_t a, size_t b,
                      double *p)
{
    size_t runs = a + b;
    struct deal deal = {values, sign, mem_array(metrics + 1, sizeof(double)), metrics, a, b};
    double *own = mem_array(metrics + 1, sizeof *own);
    bool *second = mem_array(runs + 1, sizeof *second);
    for (size_t i = a; i < runs; i++)
        second[i] = true;
    for (size_t m = 0; m < metrics; m++) {
        deal.spread[m] = spread(&values[m * runs], runs);
        own[m] = statistic(&deal, m, second);
        p[m] = 0;
    }
    bool all = permutation_ways(a, b) <= TURNS;
    struct random random;
    random_init(&random, SEED);
    for (size_t i = 0; i < runs && all; i++)
        second[i] = i < b;
    double turns = 0;
    do {
        double found = largest(&deal, second);
        for (size_t m = 0; m < metrics; m++)
            p[m] += found >= own[m] - 1e-9;
        turns++;
        if (!all)
            shuffle(&random, second, runs);
    } while (all ? next(second, runs) : turns < TURNS);
    for (size_t m = 0; m < metrics; m++)
        p[m] = deal.spread[m] > 0 ? p[m] / turns : 1;
    free(second);
    free(own);
    free(deal.spread);
}
