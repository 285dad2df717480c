/*
 * emodel: the simplified narrow-band E-model of ITU-T G.107 as used in VoIP,
 *   R = 93.2 - Idd(d) - Ie,eff + A   (no echo terms: a test endpoint measures no echo path)
 * and R to MOS-CQE (G.107 Annex B). Pure functions, any thread.
 * Reference points: tests/media/test_emodel.c.
 */
#ifndef CMTEST_EMODEL_H
#define CMTEST_EMODEL_H

struct emodel_input {
    double delay_ms;  /* one-way mouth-to-ear, >= 0 */
    double ie, bpl;   /* of the codec, G.113; bpl > 0 */
    double loss;      /* percent 0..100 of packets that do not reach the decoder */
    double burst_r;   /* BurstR; values below 1 count as 1 */
    double advantage; /* A, normally 0 */
};

/* Unclamped; can be far below 0. */
double emodel_r(const struct emodel_input *input);
/* Delay impairment Idd, G.107 (7-27..28), default class sT = 1, mT = 100 ms. */
double emodel_idd(double delay_ms);
double emodel_ie_eff(double ie, double bpl, double loss, double burst_r);
/* 1.0..4.5: the cubic, floored at 1.0 (it dips to 0.989 for 0 < R < 6.5). */
double emodel_mos(double r);

#endif
