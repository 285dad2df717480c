#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cmtest/threshold.h"
#include "compare.h"

bool threshold_holds(double value, enum comparison comparison, double limit)
{
    /* Values come from divisions; what differs by rounding only is the same. */
    double slack = 1e-9 * fmax(fabs(value), fabs(limit));
    bool same = fabs(value - limit) <= slack;
    switch (comparison) {
    case COMPARE_GE:
        return same || value > limit;
    case COMPARE_LE:
        return same || value < limit;
    case COMPARE_GT:
        return !same && value > limit;
    case COMPARE_LT:
        return !same && value < limit;
    case COMPARE_EQ:
        return same;
    case COMPARE_NE:
        return !same;
    }
    return false;
}

static void add_thousands(char *number, size_t size)
{
    size_t length = strlen(number), digits = strcspn(number, ".");
    size_t first = number[0] == '-' ? 1 : 0;
    for (size_t at = digits; at > first + 3 && length + 2 < size; length++) {
        at -= 3;
        memmove(number + at + 1, number + at, length - at + 1);
        number[at] = ',';
    }
}

/* As few decimals as people want, but as many as it takes that the figure does not contradict the
 * verdict beside it: 99.96% that failed ">= 100%" must not read "100.0%". */
static int decimals(const struct threshold *threshold, double value, double scale, int wanted)
{
    bool holds = threshold_holds(value, threshold->comparison, threshold->limit);
    for (int places = wanted; places < 9; places++) {
        double unit = pow(10, places);
        double rounded = round(value / scale * unit) / unit * scale;
        if (threshold_holds(rounded, threshold->comparison, threshold->limit) == holds)
            return places;
    }
    return 9;
}

static void format_time(const struct threshold *threshold, double ms, char *out, size_t size)
{
    if (fabs(ms) >= 1000) {
        int places = decimals(threshold, ms, 1000, fabs(ms) >= 100e3 ? 1 : 2);
        snprintf(out, size, "%.*f s", places, ms / 1000);
        return;
    }
    int wanted = fabs(ms) >= 100 ? 0 : fabs(ms) >= 10 ? 1 : 2;
    snprintf(out, size, "%.*f ms", decimals(threshold, ms, 1, ms == 0 ? 0 : wanted), ms);
}

static void format_bit_rate(const struct threshold *threshold, double bps, char *out, size_t size)
{
    bool mega = fabs(bps) >= 1e6, kilo = fabs(bps) >= 1e3;
    double scale = mega ? 1e6 : kilo ? 1e3 : 1;
    int places = decimals(threshold, bps, scale, mega ? 2 : kilo ? 1 : 0);
    snprintf(out, size, "%.*f %s", places, bps / scale, mega ? "Mbps" : kilo ? "kbps" : "bps");
}

void threshold_format(const struct threshold *threshold, double value, char *out, size_t size)
{
    char number[64];
    enum metric_unit unit = threshold->key.metric->unit;
    if (size == 0)
        return;
    if (!isfinite(value)) {
        snprintf(out, size, "-");
        return;
    }
    if (!threshold_is_plain(threshold) && unit == UNIT_MS) {
        format_time(threshold, value, out, size);
        return;
    }
    if (!threshold_is_plain(threshold) && unit == UNIT_BPS) {
        format_bit_rate(threshold, value, out, size);
        return;
    }
    bool whole = threshold_is_plain(threshold) || unit == UNIT_PACKETS || unit == UNIT_BYTES ||
                 unit == UNIT_BPS || threshold->key.metric->kind == METRIC_COUNTER;
    int wanted = unit == UNIT_PERCENT ? 1 : 2;
    if (whole)
        wanted = value == floor(value) ? 0 : 1;
    snprintf(number, sizeof(number), "%.*f", decimals(threshold, value, 1, wanted), value);
    if (whole)
        add_thousands(number, sizeof(number));
    snprintf(out, size, "%s%s", number,
             threshold->statistic == STAT_COUNT  ? ""
             : threshold->statistic == STAT_RATE ? "/s"
                                                 : metric_unit_suffix(unit));
}
