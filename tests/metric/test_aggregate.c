#include "support/specification.h"

#include <math.h>
#include <stdlib.h>
#include "cmtest/metric.h"
#include "cmtest/random.h"

#define COUNT 5000

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The nearest rank, from all values. */
static double exact(const double *sorted, size_t count, double q)
{
    double rank = ceil(q * (double)count - 1e-6);
    return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

static void assert_near(double got, double wanted)
{
    double slack = fabs(wanted) * 0.001 + 1e-12;
    if (fabs(got - wanted) > slack)
        fail_msg("%.9g is not within 0.1%% of %.9g", got, wanted);
}

static void assert_quantiles(const struct aggregate *aggregate, double *values, size_t count)
{
    static const double q[] = {0, .001, .01, .05, .25, .5, .75, .9, .95, .99, .999, 1};
    qsort(values, count, sizeof(*values), ascending);
    for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++)
        assert_near(aggregate_quantile(aggregate, q[i]), exact(values, count, q[i]));
    assert_true(aggregate_min(aggregate) == values[0]);
    assert_true(aggregate_max(aggregate) == values[count - 1]);
    assert_int_equal(aggregate_count(aggregate), count);
}

static void empty_one_has_no_value(void **state)
{
    struct aggregate *aggregate = aggregate_new();
    (void)state;
    assert_int_equal(aggregate_count(aggregate), 0);
    assert_true(isnan(aggregate_min(aggregate)));
    assert_true(isnan(aggregate_max(aggregate)));
    assert_true(isnan(aggregate_avg(aggregate)));
    assert_true(isnan(aggregate_quantile(aggregate, 0.5)));
    aggregate_free(aggregate);
    aggregate_free(NULL);
}

static void quantiles_of_wide_random_values_are_within_a_thousandth(void **state)
{
    double values[COUNT];
    struct random random;
    struct aggregate *aggregate = aggregate_new();
    (void)state;
    random_init(&random, 7);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = exp(40 * random_unit(&random) - 20);
        aggregate_add(aggregate, values[i]);
    }
    assert_quantiles(aggregate, values, COUNT);
    aggregate_free(aggregate);
}

static void negative_and_zero_values_keep_their_order(void **state)
{
    double values[COUNT];
    struct random random;
    struct aggregate *aggregate = aggregate_new();
    (void)state;
    random_init(&random, 8);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = i % 5 == 0 ? 0 : 200 * random_unit(&random) - 100;
        aggregate_add(aggregate, values[i]);
    }
    assert_quantiles(aggregate, values, COUNT);
    aggregate_free(aggregate);
}

static void merged_parts_are_the_same_as_the_whole(void **state)
{
    double values[COUNT];
    struct random random;
    struct aggregate *whole = aggregate_new(), *merged = aggregate_new();
    struct aggregate *parts[3] = {aggregate_new(), aggregate_new(), aggregate_new()};
    (void)state;
    random_init(&random, 9);
    for (size_t i = 0; i < COUNT; i++) {
        values[i] = 300 * random_unit(&random) * random_unit(&random) - 20;
        aggregate_add(whole, values[i]);
        aggregate_add(parts[random_below(&random, 3)], values[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        aggregate_merge(merged, parts[i]);
        aggregate_free(parts[i]);
    }
    assert_quantiles(merged, values, COUNT);
    assert_near(aggregate_sum(merged), aggregate_sum(whole));
    for (double q = 0; q <= 1; q += 1.0 / 128)
        assert_true(aggregate_quantile(merged, q) == aggregate_quantile(whole, q));
    aggregate_free(whole);
    aggregate_free(merged);
}

static void merging_an_empty_one_changes_nothing(void **state)
{
    struct aggregate *one = aggregate_new(), *empty = aggregate_new();
    (void)state;
    aggregate_add(one, 3);
    aggregate_merge(one, empty);
    assert_true(aggregate_min(one) == 3);
    aggregate_merge(empty, one);
    assert_true(aggregate_quantile(empty, 0.5) == 3);
    aggregate_free(one);
    aggregate_free(empty);
}

static void constant_value_is_exact(void **state)
{
    static const double values[] = {490, 4.409286, 93.2, 0.02, 50, 1e9};
    (void)state;
    for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
        struct aggregate *aggregate = aggregate_new();
        for (int i = 0; i < 1000; i++)
            aggregate_add(aggregate, values[v]);
        aggregate_add(aggregate, 0);
        aggregate_add(aggregate, 2e9);
        assert_true(aggregate_quantile(aggregate, 0.05) == values[v]);
        assert_true(aggregate_quantile(aggregate, 0.95) == values[v]);
        aggregate_free(aggregate);
    }
}

static void small_whole_numbers_are_exact(void **state)
{
    struct aggregate *aggregate = aggregate_new();
    (void)state;
    for (int i = 1; i <= 400; i++)
        aggregate_add(aggregate, i);
    for (int i = 1; i <= 100; i++)
        assert_true(aggregate_quantile(aggregate, i / 100.0) == 4 * i);
    aggregate_free(aggregate);
}

static void one_value_is_every_quantile(void **state)
{
    struct aggregate *aggregate = aggregate_new();
    (void)state;
    aggregate_add(aggregate, 12.5);
    for (double q = 0; q <= 1; q += 0.25)
        assert_true(aggregate_quantile(aggregate, q) == 12.5);
    aggregate_free(aggregate);
}

static void extreme_values_are_kept_and_infinite_ones_are_not(void **state)
{
    struct aggregate *aggregate = aggregate_new();
    (void)state;
    aggregate_add(aggregate, 1e300);
    aggregate_add(aggregate, -1e300);
    aggregate_add(aggregate, 1e-300);
    aggregate_add(aggregate, (double)INFINITY);
    aggregate_add(aggregate, -(double)INFINITY);
    aggregate_add(aggregate, (double)NAN);
    assert_int_equal(aggregate_count(aggregate), 3);
    assert_true(aggregate_min(aggregate) == -1e300);
    assert_true(aggregate_max(aggregate) == 1e300);
    assert_near(aggregate_quantile(aggregate, 0.5), 0);
    aggregate_free(aggregate);
}

SPECIFICATION(cmocka_unit_test(empty_one_has_no_value),
              cmocka_unit_test(quantiles_of_wide_random_values_are_within_a_thousandth),
              cmocka_unit_test(negative_and_zero_values_keep_their_order),
              cmocka_unit_test(merged_parts_are_the_same_as_the_whole),
              cmocka_unit_test(merging_an_empty_one_changes_nothing),
              cmocka_unit_test(constant_value_is_exact),
              cmocka_unit_test(small_whole_numbers_are_exact),
              cmocka_unit_test(one_value_is_every_quantile),
              cmocka_unit_test(extreme_values_are_kept_and_infinite_ones_are_not))
