#include <math.h>
#include "cmtest/emodel.h"

/* Ro - Is of G.107 with all other parameters at their default. */
#define R_DEFAULT 93.2

/* Default delay class: sT = 1 makes the exponent 6; mT is the longest delay nobody notices. */
#define DELAY_EXPONENT 6.0
#define DELAY_UNNOTICED_MS 100.0

#define IE_CEILING 95.0
#define MOS_MIN 1.0
#define MOS_MAX 4.5

double emodel_idd(double delay_ms)
{
    if (delay_ms <= DELAY_UNNOTICED_MS)
        return 0;
    double x = log2(delay_ms / DELAY_UNNOTICED_MS);
    double rise = pow(1 + pow(x, DELAY_EXPONENT), 1 / DELAY_EXPONENT);
    double bend = pow(1 + pow(x / 3, DELAY_EXPONENT), 1 / DELAY_EXPONENT);
    return 25 * (rise - 3 * bend + 2);
}

double emodel_ie_eff(double ie, double bpl, double loss, double burst_r)
{
    if (loss <= 0)
        return ie;
    if (loss > 100)
        loss = 100;
    if (burst_r < 1)
        burst_r = 1;
    return ie + (IE_CEILING - ie) * loss / (loss / burst_r + bpl);
}

double emodel_r(const struct emodel_input *input)
{
    return R_DEFAULT - emodel_idd(input->delay_ms) -
           emodel_ie_eff(input->ie, input->bpl, input->loss, input->burst_r) + input->advantage;
}

double emodel_mos(double r)
{
    if (r <= 0)
        return MOS_MIN;
    if (r >= 100)
        return MOS_MAX;
    double mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
    return mos < MOS_MIN ? MOS_MIN : mos;
}
