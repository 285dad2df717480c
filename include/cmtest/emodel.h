/*
 * emodel: the E-model of ITU-T G.107 (narrow band), G.107.1 (wide band) and G.107.2 (full band),
 * and R to MOS-CQE (G.107 Annex B). Pure functions, any thread.
 *
 * Two forms. What streams are scored with has no echo terms, for a test endpoint measures no echo
 * path:
 *   R = R0 - Idd(d) - Ie,eff + A      R0 = 93.2, 129, 148
 * and the complete narrow-band computation of G.107 for whoever knows the other terms.
 * Values of different scales are neither averaged nor compared: the scale belongs to the number.
 */
#ifndef CMTEST_EMODEL_H
#define CMTEST_EMODEL_H

enum emodel_scale { EMODEL_NARROW, EMODEL_WIDE, EMODEL_FULL };

/* "narrow", "wide", "full". */
const char *emodel_scale_name(enum emodel_scale scale);
/* R without any impairment: 93.2, 129, 148. */
double emodel_r_max(enum emodel_scale scale);

struct emodel_input {
    enum emodel_scale scale;
    double delay_ms;  /* one-way mouth-to-ear, >= 0 */
    double ie, bpl;   /* of the codec on this scale, G.113; bpl > 0 */
    double loss;      /* percent 0..100 of packets that do not reach the decoder */
    double burst_r;   /* BurstR; values below 1 count as 1 */
    double advantage; /* A, normally 0 */
};

/* Unclamped; can be far below 0. */
double emodel_r(const struct emodel_input *input);
/* 1.0..4.5: the cubic of R brought to the narrow scale (R/1.29, R/1.48 of the others), floored at
 * 1.0 (it dips to 0.989 for 0 < R < 6.5). */
double emodel_mos(enum emodel_scale scale, double r);
/* The inverse on the narrow scale, 6.5..100; 1.0 <= mos <= 4.5. */
double emodel_r_of_mos(double mos);

/* Delay impairment Idd on the narrow scale, G.107 (7-27..28), default class sT = 1, mT = 100 ms;
 * 1.29 and 1.48 times as much on the other scales. */
double emodel_idd(double delay_ms);
/* Cole and Rosenbluth's linear Id (2001), which includes the echo of a default telephone; for
 * comparison with tools that use it. */
double emodel_id_linear(double delay_ms);
/* The ceiling that ie approaches is 95 on the narrow and wide scale, 132 on the full one. */
double emodel_ie_eff(enum emodel_scale scale, double ie, double bpl, double loss, double burst_r);

/* ---- G.107 complete, narrow band ---------------------------------------------------------- */

/* Names of G.107 Table 2. */
struct emodel_parameters {
    double slr, rlr, stmr, lstr, ds, dr, telr, wepl; /* dB */
    double t, tr, ta;                                /* ms */
    double qdu;
    double ie, bpl, ppl, burst_r; /* ppl in percent */
    double nc, nfor;              /* dBm0p, dBmp */
    double ps, pr;                /* dB(A) */
    double a;
    double st, mt; /* delay sensitivity; ms */
};

struct emodel_terms {
    double no, ro;
    double iolr, ist, iq;
    double idte, idle, idd;
    double ie_eff;
    double r; /* unclamped */
};

/* The defaults of G.107 Table 2: R 93.206. */
void emodel_defaults(struct emodel_parameters *parameters);
void emodel_complete(const struct emodel_parameters *parameters, struct emodel_terms *terms);

#endif
