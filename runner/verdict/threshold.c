/*
 * The grammar of a threshold (threshold.h). One pass from left to right over borrowed bytes; the
 * first thing that is wrong ends it, with its place.
 */
#include "threshold_scan.h"

#include <string.h>
#include "threshold_error.h"

/* Longer than this is not a threshold but an accident, and is not copied around. */
#define TEXT_MAX 512

static bool parse_statistic(struct scan *scan, struct span span, struct threshold *threshold)
{
    static const struct {
        const char *name;
        enum statistic statistic;
    } names[] = {{"avg", STAT_AVG},       {"min", STAT_MIN},        {"max", STAT_MAX},
                 {"count", STAT_COUNT},   {"sum", STAT_SUM},        {"rate", STAT_RATE},
                 {"stddev", STAT_STDDEV}, {"median", STAT_QUANTILE}};
    const char *word = scan->text + span.offset;
    bool rate = threshold->key.metric->kind == METRIC_RATE;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) != span.length || strncmp(word, names[i].name, span.length) != 0)
            continue;
        if (rate && names[i].statistic != STAT_COUNT && names[i].statistic != STAT_RATE)
            return error_rate_statistic(scan, span, threshold);
        threshold->statistic = names[i].statistic;
        threshold->quantile = names[i].statistic == STAT_QUANTILE ? 0.5 : 0;
        return true;
    }
    /* p1 .. p99, with at most three decimals: p99.9 */
    size_t digits = 0;
    double percent = 0, unit = 1;
    bool point = false;
    bool valid = span.length >= 2 && word[0] == 'p' && scan_is_digit(word[span.length - 1]);
    for (size_t i = 1; i < span.length && valid; i++) {
        if (word[i] == '.' && !point && digits > 0) {
            point = true;
        } else if (scan_is_digit(word[i]) && digits < 5) {
            digits++;
            percent = percent * 10 + (word[i] - '0');
            unit *= point ? 10 : 1;
        } else {
            valid = false;
        }
    }
    percent /= unit;
    if (!valid || percent <= 0 || percent >= 100)
        return error_unknown_statistic(scan, span, threshold);
    if (rate)
        return error_rate_statistic(scan, span, threshold);
    threshold->statistic = STAT_QUANTILE;
    threshold->quantile = percent / 100;
    return true;
}

/* metric [ "." statistic ]: the longest beginning that is a metric, since names hold dots too. */
static bool parse_metric(struct scan *scan, struct threshold *threshold)
{
    struct span word = scan_word(scan, true);
    if (word.length == 0)
        return error_no_metric(scan, word);
    const char *name = scan->text + word.offset;
    for (size_t length = word.length; length > 0; length--) {
        if (length != word.length && name[length] != '.')
            continue;
        if (!metric_key_find(name, length, &threshold->key))
            continue;
        scan->at = word.offset + word.length;
        if (length < word.length)
            return parse_statistic(
                scan, (struct span){word.offset + length + 1, word.length - length - 1}, threshold);
        if (threshold->key.metric->kind != METRIC_RATE)
            return error_missing_statistic(scan, word);
        threshold->statistic = STAT_VALUE;
        return true;
    }
    return error_unknown_metric(scan, word);
}

static bool parse_comparison(struct scan *scan, struct threshold *threshold)
{
    static const struct {
        const char *sign;
        enum comparison comparison;
    } signs[] = {{">=", COMPARE_GE}, {"<=", COMPARE_LE}, {">", COMPARE_GT},
                 {"<", COMPARE_LT},  {"==", COMPARE_EQ}, {"!=", COMPARE_NE}};
    scan_skip(scan);
    size_t length = strspn(scan->text + scan->at, "<>=!~");
    struct span span = {scan->at, length};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (strlen(signs[i].sign) != length ||
            strncmp(scan->text + scan->at, signs[i].sign, length) != 0)
            continue;
        threshold->comparison = signs[i].comparison;
        scan->at += length;
        return true;
    }
    if (length == 0)
        span = scan_word(scan, false);
    return error_bad_comparison(scan, span);
}

/* What a unit makes of a number in the metric's own unit; 0 when the metric does not take it. */
static double unit_factor(const struct threshold *threshold, const char *word, size_t length)
{
    static const struct {
        enum metric_unit unit;
        const char *name;
        double factor;
    } units[] = {{UNIT_PERCENT, "%", 1},  {UNIT_MS, "us", 1e-3},   {UNIT_MS, "ms", 1},
                 {UNIT_MS, "s", 1e3},     {UNIT_MS, "m", 60e3},    {UNIT_BPS, "bps", 1},
                 {UNIT_BPS, "kbps", 1e3}, {UNIT_BPS, "Mbps", 1e6}, {UNIT_DBOV, "dBov", 1},
                 {UNIT_DBM, "dBm0", 1},   {UNIT_PPM, "ppm", 1}};
    if (threshold->statistic == STAT_RATE)
        return length == 2 && strncmp(word, "/s", 2) == 0 ? 1 : 0;
    if (threshold->statistic == STAT_COUNT)
        return 0;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (units[i].unit == threshold->key.metric->unit && strlen(units[i].name) == length &&
            strncmp(word, units[i].name, length) == 0)
            return units[i].factor;
    return 0;
}

static bool is_unit(const struct scan *scan, struct span span)
{
    return scan_is(scan, span, "%") || scan_is(scan, span, "ms") || scan_is(scan, span, "s") ||
           scan_is(scan, span, "us") || scan_is(scan, span, "m");
}

static bool parse_limit(struct scan *scan, struct threshold *threshold)
{
    scan_skip(scan);
    size_t start = scan->at;
    if (!scan_number(scan, threshold->key.metric->signed_values, &threshold->limit))
        return false;
    struct span number = {start, scan->at - start};
    scan_skip(scan);
    struct span unit = scan_word(scan, false);
    /* A word after a space may be the next part of the threshold; one that touches the number
     * can only be its unit. */
    bool touches = unit.length > 0 && unit.offset == number.offset + number.length;
    bool needs = !threshold_is_plain(threshold) && (threshold->key.metric->unit == UNIT_MS ||
                                                    threshold->key.metric->unit == UNIT_PERCENT);
    bool next = !touches && (unit.length == 0 || scan_is_clause(scan, unit));
    if (next)
        return needs ? error_missing_unit(scan, number, threshold)
                     : check_limit(scan, number, threshold);
    double factor = unit_factor(threshold, scan->text + unit.offset, unit.length);
    if (factor == 0) {
        if (!touches && !needs && !is_unit(scan, unit))
            return error_trailing(scan, unit);
        return error_bad_unit(scan, unit, threshold);
    }
    threshold->limit *= factor;
    scan->at = unit.offset + unit.length;
    return check_limit(scan, (struct span){start, scan->at - start}, threshold);
}

static const char *squeeze(struct arena *arena, const char *text)
{
    char *squeezed = arena_strdup(arena, text);
    size_t to = 0;
    for (size_t from = 0; text[from] != '\0'; from++) {
        if (!scan_is_space(text[from]))
            squeezed[to++] = text[from];
        else if (to > 0 && squeezed[to - 1] != ' ')
            squeezed[to++] = ' ';
    }
    while (to > 0 && squeezed[to - 1] == ' ')
        to--;
    squeezed[to] = '\0';
    return squeezed;
}

bool threshold_parse(const char *text, struct arena *arena, struct threshold *threshold,
                     struct threshold_error *error)
{
    struct scan scan = {.text = text, .error = error};
    *threshold = (struct threshold){.min_coverage = 1};
    *error = (struct threshold_error){0};
    if (strlen(text) > TEXT_MAX)
        return error_too_long(&scan, TEXT_MAX);
    scan_skip(&scan);
    if (!parse_metric(&scan, threshold) || !parse_comparison(&scan, threshold) ||
        !parse_limit(&scan, threshold) || !scan_clauses(&scan, arena, threshold))
        return false;
    threshold->text = squeeze(arena, text);
    return true;
}
