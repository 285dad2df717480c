#include "support/specification.h"
#include "cmtest/drift.h"
#include "cmtest/random.h"
#include "media/near.h"

#define S INT64_C(1000000000)
#define UNIX INT64_C(1790000000000000000)

/* Reports every interval for count of them; y runs ppm faster, and each reading is off by up to
 * noise either way. */
static struct drift line(double ppm, unsigned count, int64_t interval_ns, double noise_ns,
                         uint64_t seed)
{
    struct drift drift = {0};
    struct random random;
    random_init(&random, seed);
    for (unsigned i = 0; i < count; i++) {
        int64_t x = i * interval_ns;
        double noise = (2 * random_unit(&random) - 1) * noise_ns;
        drift_add(&drift, UNIX + x, 77 + x + llrint((double)x * ppm / 1e6 + noise));
    }
    return drift;
}

static double ppm_of(const struct drift *drift)
{
    double ppm = NAN;
    assert_true(drift_ppm(drift, &ppm));
    return ppm;
}

static void an_exact_line_has_its_slope(void **state)
{
    (void)state;
    static const double slopes[] = {0, 1, -1, 0.1, 50, -100, 1000, -20000, 100000};
    for (size_t i = 0; i < sizeof slopes / sizeof slopes[0]; i++) {
        struct drift drift = line(slopes[i], 60, 5 * S, 0, 1);
        assert_near(ppm_of(&drift), slopes[i], 1e-4);
    }
}

static void too_little_tells_nothing(void **state)
{
    (void)state;
    double ppm;
    struct drift drift = {0};
    assert_false(drift_ppm(&drift, &ppm));
    drift = line(5, 2, 5 * S, 0, 1);
    assert_false(drift_ppm(&drift, &ppm));
    drift = line(5, 20, S / 20, 0, 1);
    assert_false(drift_ppm(&drift, &ppm));
    drift = line(5, 3, S, 0, 1);
    assert_true(drift_ppm(&drift, &ppm));
    drift = line(5, 100, 0, 0, 1);
    assert_false(drift_ppm(&drift, &ppm));
}

/* A report every second tells RTP time to 1/8000 s: off by up to 62.5 us either way. */
static void known_clocks_are_measured_within_1_ppm_over_60_reports(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++)
        for (double ppm = -200; ppm <= 200; ppm += 100) {
            struct drift drift = line(ppm, 60, S, 62500, seed);
            assert_near(ppm_of(&drift), ppm, 1);
            drift = line(ppm, 60, 5 * S, 62500, seed);
            assert_near(ppm_of(&drift), ppm, .2);
        }
}

/* The standard error of a slope over n even points of a span T: sd * sqrt(12 / n) / T. */
static void noise_of_the_network_averages_out(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct drift drift = line(40, 120, 5 * S, 5e6, seed);
        double sd = 10e6 / sqrt(12), error = sd * sqrt(12. / 120) / (600. * S) * 1e6;
        assert_near(ppm_of(&drift), 40, 4.5 * error);
    }
}

static void order_does_not_matter(void **state)
{
    (void)state;
    struct drift drift = {0};
    for (int64_t i = 10; i >= 0; i--)
        drift_add(&drift, i * 3 % 11 * S, i * 3 % 11 * (S + 25000));
    assert_near(ppm_of(&drift), 25, 1e-6);
}

static void any_readings_are_borne(void **state)
{
    (void)state;
    struct drift drift = {0};
    struct random random;
    double ppm;
    random_init(&random, 1);
    drift_add(&drift, INT64_MIN, INT64_MAX);
    drift_add(&drift, INT64_MAX, INT64_MIN);
    for (int i = 0; i < 10000; i++) {
        drift_add(&drift, (int64_t)random_next(&random), (int64_t)random_next(&random));
        if (drift_ppm(&drift, &ppm))
            assert_true(isfinite(ppm));
    }
}

SPECIFICATION(cmocka_unit_test(an_exact_line_has_its_slope),
              cmocka_unit_test(too_little_tells_nothing),
              cmocka_unit_test(known_clocks_are_measured_within_1_ppm_over_60_reports),
              cmocka_unit_test(noise_of_the_network_averages_out),
              cmocka_unit_test(order_does_not_matter), cmocka_unit_test(any_readings_are_borne))
