#include "support/specification.h"
#include "cmtest/emodel.h"
#include "media/near.h"

/* Half a unit of the last digit printed. */
#define PRECISION 0.501e-6

static void check_row(const char *id, double value, double expected)
{
    if (!(fabs(value - expected) <= PRECISION))
        fail_msg("%s is %.7f, not %.6f", id, value, expected);
}

static double floored(double mos)
{
    return mos < 1 ? 1 : mos;
}

/* Made by an independent implementation of G.107, checked against published figures. MOS is the
 * bare cubic. */
static const struct {
    const char *id;
    struct emodel_input input;
    double r, mos;
} simplified[] = {
    {"S01 G.711+PLC",
     {.delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S02 G.711+PLC",
     {.delay_ms = 50, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S03 G.711+PLC",
     {.delay_ms = 100, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S04 G.711+PLC",
     {.delay_ms = 150, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.036469,
     4.406098},
    {"S05 G.711+PLC",
     {.delay_ms = 200, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     90.155586,
     4.342793},
    {"S06 G.711+PLC",
     {.delay_ms = 300, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     78.439305,
     3.963668},
    {"S07 G.711+PLC",
     {.delay_ms = 400, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     69.129911,
     3.555932},
    {"S08 G.711+PLC",
     {.delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 1, .burst_r = 1},
     89.560153,
     4.328075},
    {"S09 G.711+PLC",
     {.delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 2, .burst_r = 1},
     86.188930,
     4.234833},
    {"S10 G.711+PLC",
     {.delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 5, .burst_r = 1},
     77.419269,
     3.922839},
    {"S11 G.711+PLC",
     {.delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 5, .burst_r = 2},
     75.989855,
     3.863862},
    {"S12 G.711+PLC",
     {.delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 10, .burst_r = 1},
     66.134473,
     3.410881},
    {"S13 G.711+PLC",
     {.delay_ms = 200, .ie = 0, .bpl = 25.1, .loss = 3, .burst_r = 1.5},
     79.638981,
     4.010281},
    {"S14 G.711",
     {.delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S15 G.711",
     {.delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 1, .burst_r = 1},
     75.275472,
     3.833651},
    {"S16 G.711",
     {.delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 2, .burst_r = 1},
     63.041270,
     3.256046},
    {"S17 G.711",
     {.delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 5, .burst_r = 1},
     42.124731,
     2.169309},
    {"S18 G.711",
     {.delay_ms = 150, .ie = 0, .bpl = 4.3, .loss = 1, .burst_r = 1},
     75.111941,
     3.826669},
    {"S19 G.729A+VAD",
     {.delay_ms = 0, .ie = 11, .bpl = 19, .loss = 0, .burst_r = 1},
     82.200000,
     4.104375},
    {"S20 G.729A+VAD",
     {.delay_ms = 0, .ie = 11, .bpl = 19, .loss = 1, .burst_r = 1},
     78.000000,
     3.946216},
    {"S21 G.729A+VAD",
     {.delay_ms = 0, .ie = 11, .bpl = 19, .loss = 2, .burst_r = 1},
     74.200000,
     3.787287},
    {"S22 G.729A+VAD",
     {.delay_ms = 150, .ie = 11, .bpl = 19, .loss = 2, .burst_r = 1},
     74.036469,
     3.780147},
    {"S23 G.729A+VAD",
     {.delay_ms = 250, .ie = 11, .bpl = 19, .loss = 5, .burst_r = 1},
     55.783290,
     2.879610},
    {"S24 GSM-EFR",
     {.delay_ms = 0, .ie = 5, .bpl = 10, .loss = 0, .burst_r = 1},
     88.200000,
     4.292446},
    {"S25 GSM-EFR",
     {.delay_ms = 0, .ie = 5, .bpl = 10, .loss = 2, .burst_r = 1},
     73.200000,
     3.743267},
    {"S26 GSM-EFR",
     {.delay_ms = 100, .ie = 5, .bpl = 10, .loss = 5, .burst_r = 1},
     58.200000,
     3.006347},
    {"S27 G.723.1 6.3+VAD",
     {.delay_ms = 0, .ie = 15, .bpl = 16.1, .loss = 0, .burst_r = 1},
     78.200000,
     3.954186},
    {"S28 G.723.1 6.3+VAD",
     {.delay_ms = 0, .ie = 15, .bpl = 16.1, .loss = 2, .burst_r = 1},
     69.360221,
     3.566853},
    {"S29 G.711",
     {.delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 50, .burst_r = 1},
     5.723020,
     0.995310},
    {"S30 G.711",
     {.delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 100, .burst_r = 1},
     2.116587,
     0.990135},
    {"S31 G.711",
     {.delay_ms = 500, .ie = 0, .bpl = 4.3, .loss = 30, .burst_r = 4},
     -178.961348,
     1.000000},
};

static const struct {
    const char *id;
    double r, mos;
} conversion[] = {
    {"C01", -5.000000, 1.000000},  {"C02", 0.000000, 1.000000},  {"C03", 3.000000, 0.988891},
    {"C04", 6.500000, 0.999898},   {"C05", 10.000000, 1.035000}, {"C06", 20.000000, 1.252000},
    {"C07", 30.000000, 1.609000},  {"C08", 40.000000, 2.064000}, {"C09", 50.000000, 2.575000},
    {"C10", 60.000000, 3.100000},  {"C11", 70.000000, 3.597000}, {"C12", 80.000000, 4.024000},
    {"C13", 90.000000, 4.339000},  {"C14", 93.200000, 4.409286}, {"C15", 100.000000, 4.500000},
    {"C16", 110.000000, 4.500000},
};

static void simplified_rows_come_out_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof simplified / sizeof simplified[0]; i++) {
        double r = emodel_r(&simplified[i].input);
        check_row(simplified[i].id, r, simplified[i].r);
        check_row(simplified[i].id, emodel_mos(r), floored(simplified[i].mos));
    }
}

static void r_becomes_mos_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof conversion / sizeof conversion[0]; i++)
        check_row(conversion[i].id, emodel_mos(conversion[i].r), floored(conversion[i].mos));
}

static void delay_impairment_has_the_published_values(void **state)
{
    (void)state;
    assert_near(emodel_idd(0), 0, PRECISION);
    assert_near(emodel_idd(100), 0, PRECISION);
    assert_near(emodel_idd(150), 0.163531, PRECISION);
    assert_near(emodel_idd(200), 3.044414, PRECISION);
    assert_near(emodel_idd(250), 8.916710, PRECISION);
    assert_near(emodel_idd(300), 14.760695, PRECISION);
    assert_near(emodel_idd(400), 24.070089, PRECISION);
}

static void loss_impairment_has_the_published_values(void **state)
{
    (void)state;
    assert_near(emodel_ie_eff(0, 25.1, 5, 2), 17.210145, PRECISION);
    assert_near(emodel_ie_eff(11, 19, 2, 1), 19.0, PRECISION);
    assert_near(emodel_ie_eff(0, 4.3, 2, 1), 30.158730, PRECISION);
    assert_near(emodel_ie_eff(11, 19, 0, 1), 11.0, PRECISION);
}

static void burst_ratio_below_one_counts_as_one(void **state)
{
    (void)state;
    assert_near(emodel_ie_eff(0, 4.3, 5, 0.5), emodel_ie_eff(0, 4.3, 5, 1), PRECISION);
    assert_near(emodel_ie_eff(0, 4.3, 5, 0), emodel_ie_eff(0, 4.3, 5, 1), PRECISION);
    assert_true(emodel_ie_eff(0, 4.3, 5, 2) > emodel_ie_eff(0, 4.3, 5, 1));
}

static void loss_outside_of_0_to_100_percent_is_clamped(void **state)
{
    (void)state;
    assert_near(emodel_ie_eff(0, 4.3, -1, 1), 0, PRECISION);
    assert_near(emodel_ie_eff(0, 4.3, 150, 1), emodel_ie_eff(0, 4.3, 100, 1), PRECISION);
}

static void advantage_is_added(void **state)
{
    struct emodel_input input = {.bpl = 4.3, .burst_r = 1, .advantage = 5};

    (void)state;
    assert_near(emodel_r(&input), 98.2, PRECISION);
}

static void mos_never_leaves_1_to_4_5(void **state)
{
    (void)state;
    for (double r = -300; r <= 300; r += 0.25) {
        assert_true(emodel_mos(r) >= 1.0);
        assert_true(emodel_mos(r) <= 4.5);
    }
}

SPECIFICATION(cmocka_unit_test(simplified_rows_come_out_to_the_printed_digits),
              cmocka_unit_test(r_becomes_mos_to_the_printed_digits),
              cmocka_unit_test(delay_impairment_has_the_published_values),
              cmocka_unit_test(loss_impairment_has_the_published_values),
              cmocka_unit_test(burst_ratio_below_one_counts_as_one),
              cmocka_unit_test(loss_outside_of_0_to_100_percent_is_clamped),
              cmocka_unit_test(advantage_is_added), cmocka_unit_test(mos_never_leaves_1_to_4_5))
