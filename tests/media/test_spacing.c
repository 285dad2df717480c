#include <stdlib.h>
#include "support/specification.h"
#include "cmtest/random.h"
#include "cmtest/spacing.h"
#include "media/near.h"

#define MS 1e6
#define COUNT 5000

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double quantile(struct spacing *spacing, double q)
{
    double ms = NAN;
    assert_true(spacing_quantile(spacing, q, &ms));
    return ms;
}

/* Against an exact sort, by nearest rank. */
static void check(int64_t (*draw)(struct random *), size_t count)
{
    static const double shares[] = {0, .001, .05, .25, .5, .75, .9, .95, .99, .999, 1};
    static int64_t values[COUNT];
    struct spacing spacing;
    struct random random;
    random_init(&random, count);
    spacing_begin(&spacing);
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = draw(&random);
        sum += values[i];
        spacing_add(&spacing, values[i]);
    }
    qsort(values, count, sizeof values[0], by_value);
    assert_int_equal(spacing.count, count);
    assert_int_equal(spacing.sum_ns, sum);
    assert_int_equal(spacing.min_ns, values[0]);
    assert_int_equal(spacing.max_ns, values[count - 1]);
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        size_t rank = (size_t)ceil(shares[i] * (double)count);
        double exact = (double)values[rank ? rank - 1 : 0] / MS;
        assert_near(quantile(&spacing, shares[i]), exact, fmax(.02 * exact, .05));
    }
    spacing_again(&spacing);
    assert_false(spacing_quantile(&spacing, .5, &(double){0}));
    for (size_t i = 0; i < count; i++)
        spacing_add(&spacing, 20000000);
    assert_near(quantile(&spacing, .05), 20, 0);
    spacing_end(&spacing);
}

static int64_t around_20_ms(struct random *random)
{
    return llrint((20 + 6 * (random_unit(random) - .5)) * MS);
}

static int64_t exponential(struct random *random)
{
    return llrint(-log(1 - random_unit(random)) * 15 * MS);
}

static int64_t any_magnitude(struct random *random)
{
    return llrint(exp(random_unit(random) * log(1e9)));
}

static int64_t two_peaks(struct random *random)
{
    return random_below(random, 10) ? 20000000 : 300000000;
}

static void percentiles_are_within_2_percent_of_an_exact_sort(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 49, 50, 51, 1000, COUNT};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        check(around_20_ms, counts[i]);
        check(exponential, counts[i]);
        check(any_magnitude, counts[i]);
        check(two_peaks, counts[i]);
    }
}

static void nothing_has_no_percentile(void **state)
{
    (void)state;
    struct spacing spacing;
    double ms;
    spacing_begin(&spacing);
    assert_false(spacing_quantile(&spacing, .5, &ms));
    spacing_add(&spacing, 5);
    assert_true(spacing_quantile(&spacing, .5, &ms));
    spacing_again(&spacing);
    assert_false(spacing_quantile(&spacing, .5, &ms));
}

static void equal_values_come_out_as_they_are(void **state)
{
    (void)state;
    struct spacing spacing;
    spacing_begin(&spacing);
    for (int i = 0; i < 50; i++)
        spacing_add(&spacing, 20000000);
    assert_near(quantile(&spacing, .95), 20, 0);
    assert_near(quantile(&spacing, 7), 20, 0);
    assert_near(quantile(&spacing, -7), 20, 0);
    assert_near(quantile(&spacing, NAN), 20, 0);
}

static void extremes_are_borne(void **state)
{
    (void)state;
    struct spacing spacing;
    spacing_begin(&spacing);
    spacing_add(&spacing, INT64_MIN);
    assert_near(quantile(&spacing, .5), 0, 0);
    spacing_add(&spacing, INT64_MAX);
    spacing_add(&spacing, INT64_MAX);
    assert_int_equal(spacing.min_ns, 0);
    assert_int_equal(spacing.max_ns, INT64_MAX);
    assert_int_equal(spacing.sum_ns, INT64_MAX);
    assert_near(quantile(&spacing, .95), (double)INT64_MAX / MS, 1);
}

SPECIFICATION(cmocka_unit_test(percentiles_are_within_2_percent_of_an_exact_sort),
              cmocka_unit_test(nothing_has_no_percentile),
              cmocka_unit_test(equal_values_come_out_as_they_are),
              cmocka_unit_test(extremes_are_borne))
