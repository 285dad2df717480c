/* Numbers with a source are of scipy 1.10.1 (Debian's python3-scipy), unless another is named. */
#include "statistics.h"

#include <math.h>
#include "cmtest/random.h"
#include "support/specification.h"

/* cmocka's own is of floats. */
#define assert_near(a, b, off) assert_true(fabs((a) - (b)) <= (off))

#define SAMPLE(...) \
    ((struct sample){(const double[]){__VA_ARGS__}, sizeof((double[]){__VA_ARGS__}) / 8})

/* mannwhitneyu(a, b, method='exact').pvalue */
static void ranks_of_few_are_exact(void **state)
{
    double effect;
    (void)state;
    double p =
        rank_test(SAMPLE(1.1, 2.2, 3.3, 4.4, 5.5), SAMPLE(2.5, 3.5, 4.5, 5.6, 6.6, 7.7), &effect);
    assert_near(p, 0.12554112554112554, 1e-12);
}

/* All 1,716 ways to deal out rankdata(a + b), counted; effect: mannwhitneyu(a, b).statistic. */
static void ties_share_their_rank(void **state)
{
    double effect;
    (void)state;
    double p = rank_test(SAMPLE(0, 0, 0, 0, 1, 2), SAMPLE(0, 1, 1, 3, 3, 4, 5), &effect);
    assert_near(p, 0.045454545454545456, 1e-12);
    assert_near(effect, 0.8333333333333334, 1e-12);
}

/* mannwhitneyu(x, y, method='asymptotic') */
static void ranks_of_many_are_approximated(void **state)
{
    double x[30], y[35], effect;
    (void)state;
    for (int i = 0; i < 30; i++)
        x[i] = i * 37 % 50 / 10.0;
    for (int i = 0; i < 35; i++)
        y[i] = i * 29 % 50 / 10.0 + 0.8;
    double p = rank_test((struct sample){x, 30}, (struct sample){y, 35}, &effect);
    assert_near(p, 0.058938531023315206, 1e-9);
    assert_near(effect, 0.6371428571428571, 1e-12);
}

static void nothing_and_all_alike_are_no_difference(void **state)
{
    double effect;
    (void)state;
    assert_near(rank_test(SAMPLE(1, 2), (struct sample){0}, &effect), 1, 0);
    assert_near(rank_test(SAMPLE(3, 3, 3), SAMPLE(3, 3, 3, 3), &effect), 1, 0);
    assert_near(effect, 0.5, 0);
    assert_near(fisher_test(0, 0, 3, 4), 1, 0);
    assert_true(isnan(newcombe(0, 0, 3, 4, 0.05).low));
    assert_true(isnan(mean_interval(SAMPLE(1), (struct sample){0}, 0.05).low));
}

/* fisher_exact(...).pvalue */
static void shares_are_tested_exactly(void **state)
{
    (void)state;
    assert_near(fisher_test(20, 20, 14, 20), 0.020196020196020202, 1e-9);
    assert_near(fisher_test(47, 50, 50, 50), 0.24242424242424243, 1e-9);
    assert_near(fisher_test(3, 1000, 15, 1000), 0.007283223744560448, 1e-9);
    assert_near(fisher_test(20, 20, 20, 20), 1, 1e-9);
}

/* Newcombe 1998, Statistics in Medicine 17, table II (a), method 10: 56/70 - 48/80. */
static void interval_of_shares_is_that_of_the_paper(void **state)
{
    (void)state;
    struct interval found = newcombe(48, 80, 56, 70, 0.05);
    assert_near(found.low, 0.0524, 0.00005);
    assert_near(found.high, 0.3339, 0.00005);
}

/* norm.ppf */
static void quantiles_of_the_normal_distribution(void **state)
{
    (void)state;
    assert_near(normal_quantile(0.975), 1.959963984540054, 1e-9);
    assert_near(normal_quantile(1e-6), -4.753424308822899, 1e-9);
}

/* By hand: 4 * 0.01, 3 * 0.03, then never less than the one before. */
static void holm_multiplies_by_what_is_left(void **state)
{
    double p[] = {0.04, 0.01, 0.03, 0.5};
    (void)state;
    holm(p, 4);
    assert_near(p[1], 0.04, 1e-12);
    assert_near(p[2], 0.09, 1e-12);
    assert_near(p[0], 0.09, 1e-12);
    assert_near(p[3], 0.5, 1e-12);
}

static void three_runs_against_three_just_suffice(void **state)
{
    const double values[] = {1, 1.1, 0.9, 2,   2.1, 1.9,  /* higher is worse */
                             5, 5.2, 4.9, 5.1, 5,   5.05, /* no change */
                             7, 7,   7,   7,   7,   7};   /* constant */
    const double sign[] = {1, 1, -1};
    double p[3];
    (void)state;
    permutation_test(values, sign, 3, 3, 3, p);
    assert_near(p[0], 1 / 20.0, 1e-12);
    assert_true(p[1] > 0.2);
    assert_near(p[2], 1, 0);
    assert_near(permutation_ways(3, 3), 20, 1e-9);
    assert_near(permutation_ways(2, 2), 6, 1e-9);
    assert_near(permutation_ways(1, 1), 2, 1e-9);
}

static void false_alarms_of_the_family_stay_below_alpha(void **state)
{
    struct random random;
    unsigned alarms = 0;
    (void)state;
    random_init(&random, 7);
    for (int pair = 0; pair < 2000; pair++) {
        double p[5];
        for (int metric = 0; metric < 5; metric++) {
            double a[10], b[10], effect;
            for (int i = 0; i < 10; i++) {
                /* many zeros, as losses have */
                a[i] = fmax(0, random_unit(&random) - 0.6);
                b[i] = fmax(0, random_unit(&random) - 0.6);
            }
            p[metric] = rank_test((struct sample){a, 10}, (struct sample){b, 10}, &effect);
        }
        holm(p, 5);
        bool any = false;
        for (int metric = 0; metric < 5; metric++)
            any |= p[metric] < 0.05;
        alarms += any;
    }
    assert_in_range(alarms, 10, 125); /* 100 expected at most, 2.5 standard deviations above */
}

static void interval_holds_the_truth_as_often_as_it_says(void **state)
{
    struct random random;
    unsigned held = 0;
    (void)state;
    random_init(&random, 8);
    for (int pair = 0; pair < 200; pair++) {
        double a[20], b[20];
        for (int i = 0; i < 20; i++) {
            a[i] = random_unit(&random);
            b[i] = random_unit(&random) + 0.3;
        }
        struct interval found = mean_interval((struct sample){a, 20}, (struct sample){b, 20}, 0.05);
        held += found.low < 0.3 && 0.3 < found.high;
    }
    assert_in_range(held, 180, 198);
}

SPECIFICATION(cmocka_unit_test(ranks_of_few_are_exact), cmocka_unit_test(ties_share_their_rank),
              cmocka_unit_test(ranks_of_many_are_approximated),
              cmocka_unit_test(nothing_and_all_alike_are_no_difference),
              cmocka_unit_test(shares_are_tested_exactly),
              cmocka_unit_test(interval_of_shares_is_that_of_the_paper),
              cmocka_unit_test(quantiles_of_the_normal_distribution),
              cmocka_unit_test(holm_multiplies_by_what_is_left),
              cmocka_unit_test(three_runs_against_three_just_suffice),
              cmocka_unit_test(false_alarms_of_the_family_stay_below_alpha),
              cmocka_unit_test(interval_holds_the_truth_as_often_as_it_says))
