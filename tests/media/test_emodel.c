#include <stddef.h>
#include <string.h>
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

/* Reference points made by an independent implementation of G.107, checked against published
 * figures. MOS is the bare cubic. */
static const struct {
    const char *id;
    struct emodel_input input;
    double r, mos;
} simplified[] = {
    {"S01 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S02 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 50, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S03 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 100, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S04 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 150, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     93.036469,
     4.406098},
    {"S05 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 200, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     90.155586,
     4.342793},
    {"S06 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 300, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     78.439305,
     3.963668},
    {"S07 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 400, .ie = 0, .bpl = 25.1, .loss = 0, .burst_r = 1},
     69.129911,
     3.555932},
    {"S08 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 1, .burst_r = 1},
     89.560153,
     4.328075},
    {"S09 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 2, .burst_r = 1},
     86.188930,
     4.234833},
    {"S10 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 5, .burst_r = 1},
     77.419269,
     3.922839},
    {"S11 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 5, .burst_r = 2},
     75.989855,
     3.863862},
    {"S12 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 25.1, .loss = 10, .burst_r = 1},
     66.134473,
     3.410881},
    {"S13 G.711+PLC",
     {.scale = EMODEL_NARROW, .delay_ms = 200, .ie = 0, .bpl = 25.1, .loss = 3, .burst_r = 1.5},
     79.638981,
     4.010281},
    {"S14 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 0, .burst_r = 1},
     93.200000,
     4.409286},
    {"S15 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 1, .burst_r = 1},
     75.275472,
     3.833651},
    {"S16 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 2, .burst_r = 1},
     63.041270,
     3.256046},
    {"S17 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 5, .burst_r = 1},
     42.124731,
     2.169309},
    {"S18 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 150, .ie = 0, .bpl = 4.3, .loss = 1, .burst_r = 1},
     75.111941,
     3.826669},
    {"S19 G.729A+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 11, .bpl = 19, .loss = 0, .burst_r = 1},
     82.200000,
     4.104375},
    {"S20 G.729A+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 11, .bpl = 19, .loss = 1, .burst_r = 1},
     78.000000,
     3.946216},
    {"S21 G.729A+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 11, .bpl = 19, .loss = 2, .burst_r = 1},
     74.200000,
     3.787287},
    {"S22 G.729A+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 150, .ie = 11, .bpl = 19, .loss = 2, .burst_r = 1},
     74.036469,
     3.780147},
    {"S23 G.729A+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 250, .ie = 11, .bpl = 19, .loss = 5, .burst_r = 1},
     55.783290,
     2.879610},
    {"S24 GSM-EFR",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 5, .bpl = 10, .loss = 0, .burst_r = 1},
     88.200000,
     4.292446},
    {"S25 GSM-EFR",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 5, .bpl = 10, .loss = 2, .burst_r = 1},
     73.200000,
     3.743267},
    {"S26 GSM-EFR",
     {.scale = EMODEL_NARROW, .delay_ms = 100, .ie = 5, .bpl = 10, .loss = 5, .burst_r = 1},
     58.200000,
     3.006347},
    {"S27 G.723.1 6.3+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 15, .bpl = 16.1, .loss = 0, .burst_r = 1},
     78.200000,
     3.954186},
    {"S28 G.723.1 6.3+VAD",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 15, .bpl = 16.1, .loss = 2, .burst_r = 1},
     69.360221,
     3.566853},
    {"S29 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 50, .burst_r = 1},
     5.723020,
     0.995310},
    {"S30 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 100, .burst_r = 1},
     2.116587,
     0.990135},
    {"S31 G.711",
     {.scale = EMODEL_NARROW, .delay_ms = 500, .ie = 0, .bpl = 4.3, .loss = 30, .burst_r = 4},
     -178.961348,
     1.000000},
    {"W01 no impairment",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 0, .burst_r = 1},
     129.000000,
     4.500000},
    {"W02 G.722 64k (Ie,wb=13)",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 13, .bpl = 4.3, .loss = 0, .burst_r = 1},
     116.000000,
     4.337096},
    {"W03 AMR-WB 12.65 monotic",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 13, .bpl = 4.3, .loss = 0, .burst_r = 1},
     116.000000,
     4.337096},
    {"W04 AMR-WB 23.05 monotic",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 1, .bpl = 4.3, .loss = 0, .burst_r = 1},
     128.000000,
     4.493988},
    {"W05 AMR-WB 23.85 monotic",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 8, .bpl = 4.3, .loss = 0, .burst_r = 1},
     121.000000,
     4.420569},
    {"W06 AMR-WB 6.6 monotic",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 41, .bpl = 4.3, .loss = 0, .burst_r = 1},
     88.000000,
     3.512307},
    {"W07 AMR-WB 12.65 diotic",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 20, .bpl = 4.3, .loss = 2, .burst_r = 1},
     85.190476,
     3.406179},
    {"W08 AMR-WB 23.05 diotic",
     {.scale = EMODEL_WIDE, .delay_ms = 0, .ie = 8, .bpl = 4.6, .loss = 1, .burst_r = 1},
     105.464286,
     4.088586},
    {"W09 no impairment",
     {.scale = EMODEL_WIDE, .delay_ms = 200, .ie = 0, .bpl = 4.3, .loss = 0, .burst_r = 1},
     125.072706,
     4.469804},
    {"W10 Ie,wb=13",
     {.scale = EMODEL_WIDE, .delay_ms = 300, .ie = 13, .bpl = 4.3, .loss = 0, .burst_r = 1},
     96.958704,
     3.828800},
    {"X01 no impairment",
     {.scale = EMODEL_FULL, .delay_ms = 0, .ie = 0, .bpl = 4.3, .loss = 0, .burst_r = 1},
     148.000000,
     4.500000},
    {"X02 EVS-SWB 24.4",
     {.scale = EMODEL_FULL, .delay_ms = 0, .ie = 7.2, .bpl = 11.4, .loss = 0, .burst_r = 1},
     140.800000,
     4.443558},
    {"X03 EVS-SWB 24.4",
     {.scale = EMODEL_FULL, .delay_ms = 0, .ie = 7.2, .bpl = 11.4, .loss = 3, .burst_r = 1},
     114.800000,
     3.928841},
    {"X04 EVS-SWB 13.2",
     {.scale = EMODEL_FULL, .delay_ms = 150, .ie = 17.1, .bpl = 11.7, .loss = 1, .burst_r = 1},
     121.610730,
     4.103297},
    {"X05 rtpengine constants",
     {.scale = EMODEL_FULL, .delay_ms = 0, .ie = 10.2, .bpl = 4.3, .loss = 0, .burst_r = 1},
     137.800000,
     4.407500},
    {"X06 rtpengine constants",
     {.scale = EMODEL_FULL, .delay_ms = 0, .ie = 10.2, .bpl = 4.3, .loss = 2, .burst_r = 1},
     99.133333,
     3.452459},
    {"X07 no impairment",
     {.scale = EMODEL_FULL, .delay_ms = 300, .ie = 0, .bpl = 4.3, .loss = 0, .burst_r = 1},
     126.154172,
     4.205667},
};

static void echo_free_points_come_out_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof simplified / sizeof simplified[0]; i++) {
        double r = emodel_r(&simplified[i].input);
        check_row(simplified[i].id, r, simplified[i].r);
        check_row(simplified[i].id, emodel_mos(simplified[i].input.scale, r),
                  floored(simplified[i].mos));
    }
}

/* The parameters that differ from their default. */
struct change {
    size_t offset;
    double value;
};
#define SET(name, number)                                \
    {                                                    \
        offsetof(struct emodel_parameters, name), number \
    }

static const struct {
    const char *id;
    struct change changes[7]; /* ended by a value of 0 */
    double r, mos;
} complete[] = {
    {"F01 all defaults", {{0, 8}}, 93.206208, 4.409406},
    {"F02 A=10", {SET(a, 10)}, 103.206208, 4.500000},
    {"F03 qdu=4", {SET(qdu, 4)}, 88.203149, 4.292532},
    {"F04 Nc=-60", {SET(nc, -60)}, 88.280958, 4.294644},
    {"F05 Ps=Pr=45", {SET(ps, 45), SET(pr, 45)}, 90.748524, 4.356904},
    {"F06 SLR=12", {SET(slr, 12)}, 87.743641, 4.279879},
    {"F07 STMR=8, LSTR=11", {SET(stmr, 8), SET(lstr, 11)}, 92.866252, 4.402732},
    {"F08 STMR=25, LSTR=28", {SET(stmr, 25), SET(lstr, 28)}, 90.729668, 4.356464},
    {"F09 T=Ta=50, Tr=100", {SET(t, 50), SET(ta, 50), SET(tr, 100)}, 91.756161, 4.379613},
    {"F10 T=Ta=100, Tr=200", {SET(t, 100), SET(ta, 100), SET(tr, 200)}, 90.663730, 4.354920},
    {"F11 T=Ta=150, Tr=300", {SET(t, 150), SET(ta, 150), SET(tr, 300)}, 89.539132, 4.327546},
    {"F12 T=Ta=200, Tr=400", {SET(t, 200), SET(ta, 200), SET(tr, 400)}, 85.804718, 4.223180},
    {"F13 T=Ta=250, Tr=500", {SET(t, 250), SET(ta, 250), SET(tr, 500)}, 79.177101, 3.992519},
    {"F14 T=Ta=300, Tr=600", {SET(t, 300), SET(ta, 300), SET(tr, 600)}, 72.666360, 3.719431},
    {"F15 T=Ta=400, Tr=800", {SET(t, 400), SET(ta, 400), SET(tr, 800)}, 62.246827, 3.215599},
    {"F16 T=Ta=100, Tr=200, TELR=45",
     {SET(t, 100), SET(ta, 100), SET(tr, 200), SET(telr, 45)},
     70.145693,
     3.603826},
    {"F17 T=Ta=150, Tr=300, TELR=55, WEPL=70",
     {SET(t, 150), SET(ta, 150), SET(tr, 300), SET(telr, 55), SET(wepl, 70)},
     81.146989,
     4.066609},
    {"F18 Ta=200 only, sT=0.55, mT=120",
     {SET(ta, 200), SET(st, 0.55), SET(mt, 120)},
     90.953191,
     4.361648},
    {"F19 Ta=200 only, sT=0.4, mT=150",
     {SET(ta, 200), SET(st, 0.4), SET(mt, 150)},
     92.256382,
     4.390281},
    {"F20 Ie=11,Bpl=19,Ppl=2, T=Ta=150, Tr=300",
     {SET(ie, 11), SET(bpl, 19), SET(ppl, 2), SET(t, 150), SET(ta, 150), SET(tr, 300)},
     70.539132,
     3.622182},
};

static void complete_points_come_out_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof complete / sizeof complete[0]; i++) {
        struct emodel_parameters parameters;
        struct emodel_terms terms;
        emodel_defaults(&parameters);
        for (const struct change *at = complete[i].changes; at->value != 0; at++)
            memcpy((char *)&parameters + at->offset, &at->value, sizeof at->value);
        emodel_complete(&parameters, &terms);
        check_row(complete[i].id, terms.r, complete[i].r);
        check_row(complete[i].id, emodel_mos(EMODEL_NARROW, terms.r), floored(complete[i].mos));
    }
}

static void every_term_of_the_default_has_its_published_value(void **state)
{
    (void)state;
    struct emodel_parameters parameters;
    struct emodel_terms terms;
    emodel_defaults(&parameters);
    emodel_complete(&parameters, &terms);
    assert_near(terms.no, -61.179214, PRECISION);
    assert_near(terms.ro, 94.768822, PRECISION);
    assert_near(terms.iolr, 0.440178, PRECISION);
    assert_near(terms.ist, -0.000715, PRECISION);
    assert_near(terms.iq, 0.974105, PRECISION);
    assert_near(terms.idte, 0, PRECISION);
    assert_near(terms.idle, 0.149046, PRECISION);
    assert_near(terms.idd, 0, PRECISION);
    assert_near(terms.ie_eff, 0, PRECISION);
}

static void echo_terms_have_their_published_values(void **state)
{
    (void)state;
    static const struct {
        double ta, idte, idle, idd;
    } rows[] = {{100, 1.963791, 0.727733, 0},
                {150, 2.811844, 0.840747, 0.163531},
                {250, 4.242856, 1.018587, 8.916710}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct emodel_parameters parameters;
        struct emodel_terms terms;
        emodel_defaults(&parameters);
        parameters.t = parameters.ta = rows[i].ta;
        parameters.tr = 2 * rows[i].ta;
        emodel_complete(&parameters, &terms);
        assert_near(terms.idte, rows[i].idte, PRECISION);
        assert_near(terms.idle, rows[i].idle, PRECISION);
        assert_near(terms.idd, rows[i].idd, PRECISION);
    }
}

/* G.711 with concealment, no loss. */
static const struct {
    const char *id;
    double delay_ms, r, mos;
} linear[] = {
    {"L01", 0, 93.200000, 4.409286},   {"L02", 100, 90.800000, 4.358104},
    {"L03", 150, 89.600000, 4.329077}, {"L04", 177.3, 88.944800, 4.312298},
    {"L05", 200, 85.903000, 4.226180}, {"L06", 300, 72.503000, 3.712088},
    {"L07", 400, 59.103000, 3.053428},
};

static void linear_delay_points_come_out_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof linear / sizeof linear[0]; i++) {
        double r = emodel_r_max(EMODEL_NARROW) - emodel_id_linear(linear[i].delay_ms);
        check_row(linear[i].id, r, linear[i].r);
        check_row(linear[i].id, emodel_mos(EMODEL_NARROW, r), floored(linear[i].mos));
    }
}

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

static void r_becomes_mos_to_the_printed_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof conversion / sizeof conversion[0]; i++)
        check_row(conversion[i].id, emodel_mos(EMODEL_NARROW, conversion[i].r),
                  floored(conversion[i].mos));
}

static void mos_becomes_r_again(void **state)
{
    (void)state;
    static const double values[] = {7, 10, 25, 50, 60, 70, 80, 90, 93.2, 99};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        assert_near(emodel_r_of_mos(emodel_mos(EMODEL_NARROW, values[i])), values[i], 1e-2);
    assert_near(emodel_r_of_mos(4.5), 100, 0);
    assert_near(emodel_r_of_mos(5), 100, 0);
}

static void scales_top_out_at_the_same_mos(void **state)
{
    (void)state;
    for (int scale = EMODEL_NARROW; scale <= EMODEL_FULL; scale++)
        assert_true(emodel_mos((enum emodel_scale)scale, emodel_r_max((enum emodel_scale)scale)) >=
                    4.4);
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
    assert_near(emodel_ie_eff(EMODEL_NARROW, 0, 25.1, 5, 2), 17.210145, PRECISION);
    assert_near(emodel_ie_eff(EMODEL_NARROW, 11, 19, 2, 1), 19.0, PRECISION);
    assert_near(emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 2, 1), 30.158730, PRECISION);
    assert_near(emodel_ie_eff(EMODEL_NARROW, 11, 19, 0, 1), 11.0, PRECISION);
}

static void burst_ratio_below_one_counts_as_one(void **state)
{
    (void)state;
    assert_near(emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 5, 0.5),
                emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 5, 1), PRECISION);
    assert_near(emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 5, 0),
                emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 5, 1), PRECISION);
    assert_true(emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 5, 2) >
                emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 5, 1));
}

static void loss_outside_of_0_to_100_percent_is_clamped(void **state)
{
    (void)state;
    assert_near(emodel_ie_eff(EMODEL_NARROW, 0, 4.3, -1, 1), 0, PRECISION);
    assert_near(emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 150, 1),
                emodel_ie_eff(EMODEL_NARROW, 0, 4.3, 100, 1), PRECISION);
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
        assert_true(emodel_mos(EMODEL_NARROW, r) >= 1.0);
        assert_true(emodel_mos(EMODEL_NARROW, r) <= 4.5);
    }
}

SPECIFICATION(cmocka_unit_test(echo_free_points_come_out_to_the_printed_digits),
              cmocka_unit_test(complete_points_come_out_to_the_printed_digits),
              cmocka_unit_test(every_term_of_the_default_has_its_published_value),
              cmocka_unit_test(echo_terms_have_their_published_values),
              cmocka_unit_test(linear_delay_points_come_out_to_the_printed_digits),
              cmocka_unit_test(mos_becomes_r_again),
              cmocka_unit_test(scales_top_out_at_the_same_mos),

              cmocka_unit_test(r_becomes_mos_to_the_printed_digits),
              cmocka_unit_test(delay_impairment_has_the_published_values),
              cmocka_unit_test(loss_impairment_has_the_published_values),
              cmocka_unit_test(burst_ratio_below_one_counts_as_one),
              cmocka_unit_test(loss_outside_of_0_to_100_percent_is_clamped),
              cmocka_unit_test(advantage_is_added), cmocka_unit_test(mos_never_leaves_1_to_4_5))
