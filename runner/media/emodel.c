#include <math.h>
#include "cmtest/emodel.h"

/* Default delay class: sT = 1 makes the exponent 6; mT is the longest delay nobody notices. */
#define DELAY_SENSITIVITY 1.0
#define DELAY_UNNOTICED_MS 100.0

#define MOS_MIN 1.0
#define MOS_MAX 4.5

static const struct scale {
    const char *name;
    double r_max;   /* Ro - Is with everything at its default */
    double ceiling; /* of Ie,eff: G.107.2 rescaled it, G.107.1 did not */
    double stretch; /* against the narrow scale: of Idd, and of R before the cubic */
} scales[] = {
    [EMODEL_NARROW] = {"narrow", 93.2, 95, 1},
    [EMODEL_WIDE] = {"wide", 129, 95, 1.29},
    [EMODEL_FULL] = {"full", 148, 132, 1.48},
};

const char *emodel_scale_name(enum emodel_scale scale)
{
    return scales[scale].name;
}

double emodel_r_max(enum emodel_scale scale)
{
    return scales[scale].r_max;
}

static double idd_of_class(double delay_ms, double sensitivity, double unnoticed_ms)
{
    if (delay_ms <= unnoticed_ms)
        return 0;
    double x = log2(delay_ms / unnoticed_ms), exponent = 6 * sensitivity;
    double rise = pow(1 + pow(x, exponent), 1 / exponent);
    double bend = pow(1 + pow(x / 3, exponent), 1 / exponent);
    return 25 * (rise - 3 * bend + 2);
}

double emodel_idd(double delay_ms)
{
    return idd_of_class(delay_ms, DELAY_SENSITIVITY, DELAY_UNNOTICED_MS);
}

double emodel_id_linear(double delay_ms)
{
    static const double knee_ms = 177.3;
    return 0.024 * delay_ms + (delay_ms > knee_ms ? 0.11 * (delay_ms - knee_ms) : 0);
}

double emodel_ie_eff(enum emodel_scale scale, double ie, double bpl, double loss, double burst_r)
{
    if (loss <= 0)
        return ie;
    if (loss > 100)
        loss = 100;
    if (burst_r < 1)
        burst_r = 1;
    return ie + (scales[scale].ceiling - ie) * loss / (loss / burst_r + bpl);
}

double emodel_r(const struct emodel_input *input)
{
    const struct scale *scale = &scales[input->scale];
    return scale->r_max - scale->stretch * emodel_idd(input->delay_ms) -
           emodel_ie_eff(input->scale, input->ie, input->bpl, input->loss, input->burst_r) +
           input->advantage;
}

double emodel_mos(enum emodel_scale scale, double r)
{
    r /= scales[scale].stretch;
    if (r <= 0)
        return MOS_MIN;
    if (r >= 100)
        return MOS_MAX;
    double mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
    return mos < MOS_MIN ? MOS_MIN : mos;
}

double emodel_r_of_mos(double mos)
{
    if (mos >= MOS_MAX)
        return 100;
    if (mos <= MOS_MIN)
        return 6.5;
    /* G.107 (B-7) writes atan2(x, y): the angle of the point (x, y), which is atan2(y, x) in C. */
    double x = 18566 - 6750 * mos;
    double y = 15 * sqrt(-903522 + 1113960 * mos - 202500 * mos * mos);
    double h = atan2(y, x) / 3;
    return 20.0 / 3 * (8 - sqrt(226) * cos(h + M_PI / 3));
}

/* ---- G.107 complete ------------------------------------------------------------------------ */

void emodel_defaults(struct emodel_parameters *parameters)
{
    *parameters = (struct emodel_parameters){.slr = 8,
                                             .rlr = 2,
                                             .stmr = 15,
                                             .lstr = 18,
                                             .ds = 3,
                                             .dr = 3,
                                             .telr = 65,
                                             .wepl = 110,
                                             .qdu = 1,
                                             .bpl = 4.3,
                                             .burst_r = 1,
                                             .nc = -70,
                                             .nfor = -64,
                                             .ps = 35,
                                             .pr = 35,
                                             .st = DELAY_SENSITIVITY,
                                             .mt = DELAY_UNNOTICED_MS};
}

static double power(double decibel)
{
    return pow(10, decibel / 10);
}

static double decibel(double ratio)
{
    return 10 * log10(ratio);
}

/* x to the n, back by the n-th root: how G.107 rounds a corner. */
static double rounded(double x, double n)
{
    return pow(1 + pow(x, n), 1 / n);
}

/* 7.2: the sum of all noise, referred to the 0 dBr point. */
static double noise(const struct emodel_parameters *p)
{
    double olr = p->slr + p->rlr;
    double send = p->ps - olr - p->ds - 14, receive = p->pr + decibel(1 + power(10 - p->lstr));
    double nos = p->ps - p->slr - p->ds - 100 + 0.004 * send * send;
    double nor = p->rlr - 121 + receive + 0.008 * (receive - 35) * (receive - 35);
    return decibel(power(p->nc) + power(nos) + power(nor) + power(p->nfor + p->rlr));
}

/* 7.3: what goes along with the voice. */
static void simultaneous(const struct emodel_parameters *p, struct emodel_terms *terms)
{
    double xolr = (p->slr + p->rlr + 0.2 * (64 + terms->no - p->rlr)) / 8;
    terms->iolr = 20 * (rounded(xolr, 8) - xolr);
    double stmro = -decibel(power(-p->stmr) + exp(-p->t / 4) * power(-p->telr));
    terms->ist = 12 * rounded((stmro - 13) / 6, 8) - 28 * rounded((stmro + 1) / 19.4, 35) -
                 13 * rounded((stmro - 3) / 33, 13) + 29;
    double q = 37 - 15 * log10(p->qdu), g = 1.07 + 0.258 * q + 0.0602 * q * q;
    double y = (terms->ro - 100) / 15 + 46 / 8.4 - g / 9, z = 46.0 / 30 - g / 40;
    terms->iq = 15 * log10(1 + pow(10, y) + pow(10, z));
}

/* 7.4: what delay makes of echo. */
static double talker_echo(const struct emodel_parameters *p, const struct emodel_terms *terms)
{
    if (p->t < 1)
        return 0;
    double terv =
        p->telr - 40 * log10((1 + p->t / 10) / (1 + p->t / 150)) + 6 * exp(-0.3 * p->t * p->t);
    if (p->stmr < 9)
        terv += terms->ist / 2;
    double roe = -1.5 * (terms->no - p->rlr), re = 80 + 2.5 * (terv - 14), half = (roe - re) / 2;
    double idte = (half + sqrt(half * half + 100) - 1) * (1 - exp(-p->t));
    return p->stmr > 20 ? hypot(idte, terms->ist) : idte;
}

static double listener_echo(const struct emodel_parameters *p, const struct emodel_terms *terms)
{
    double rle = 10.5 * (p->wepl + 7) * pow(p->tr + 1, -0.25), half = (terms->ro - rle) / 2;
    return half + sqrt(half * half + 169);
}

void emodel_complete(const struct emodel_parameters *parameters, struct emodel_terms *terms)
{
    const struct emodel_parameters *p = parameters;
    terms->no = noise(p);
    terms->ro = 15 - 1.5 * (p->slr + terms->no);
    simultaneous(p, terms);
    terms->idte = talker_echo(p, terms);
    terms->idle = listener_echo(p, terms);
    terms->idd = idd_of_class(p->ta, p->st, p->mt);
    terms->ie_eff = emodel_ie_eff(EMODEL_NARROW, p->ie, p->bpl, p->ppl, p->burst_r);
    terms->r = terms->ro - (terms->iolr + terms->ist + terms->iq) -
               (terms->idte + terms->idle + terms->idd) - terms->ie_eff + p->a;
}
