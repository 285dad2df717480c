#include "cmtest/comparison.h"

#include <math.h>
#include <string.h>

/* The larger one of an amount and a share of what BASE had. */
struct margin {
    double amount, share;
};

/* What people do not notice, or no figure of ours is good for. */
static const struct margin of_units[] = {
    [UNIT_NONE] = {0.05, 0.05},     [UNIT_PERCENT] = {0.1, 0}, [UNIT_MS] = {0.5, 0.1},
    [UNIT_PACKETS] = {0.05, 0.02},  [UNIT_BYTES] = {10, 0.02}, [UNIT_PPM] = {20, 0},
    [UNIT_DBOV] = {1, 0},           [UNIT_DBM] = {1, 0},       [UNIT_BPS] = {500, 0.02},
    [UNIT_PER_SECOND] = {0.5, 0.02}};

static const struct {
    const char *in_name;
    struct margin margin;
} of_names[] = {
    {"mos", {0.05, 0}},           {"r_factor", {1, 0}}, {"ie_eff", {1, 0}},
    {"delay_impairment", {1, 0}}, {"_density", {1, 0}}, {"_total", {0.5, 0.02}},
};

double comparison_margin(const struct metric *metric, double base)
{
    struct margin margin = of_units[metric->unit];
    if (metric->unit == UNIT_MS && metric->directions == METRIC_PLAIN)
        margin = (struct margin){5, 0.05};
    for (size_t i = 0; i < sizeof of_names / sizeof *of_names; i++) {
        bool whole = metric->unit == UNIT_PERCENT && strcmp(of_names[i].in_name, "_total") == 0;
        if (strstr(metric->name, of_names[i].in_name) && !whole) {
            margin = of_names[i].margin;
            break;
        }
    }
    return isfinite(base) ? fmax(margin.amount, margin.share * fabs(base)) : margin.amount;
}
