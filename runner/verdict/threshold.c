/*
 * The grammar of a threshold (threshold.h). One pass from left to right over borrowed bytes; the
 * first thing that is wrong ends it, with its place.
 */
#include "threshold_error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Longer than this is not a threshold but an accident, and is not copied around. */
#define TEXT_MAX 512
#define NUMBER_MAX 1e15

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void skip_space(struct scan *scan)
{
    while (is_space(scan->text[scan->at]))
        scan->at++;
}

/* The run of bytes up to white space (or a comparison), without moving. */
static struct span peek_word(const struct scan *scan, bool stop_at_comparison)
{
    size_t end = scan->at;
    while (scan->text[end] != '\0' && !is_space(scan->text[end]) &&
           !(stop_at_comparison && strchr("<>=!", scan->text[end])))
        end++;
    return (struct span){scan->at, end - scan->at};
}

static bool parse_statistic(struct scan *scan, struct span span, struct threshold *threshold)
{
    static const struct {
        const char *name;
        enum statistic statistic;
    } names[] = {{"avg", STAT_AVG}, {"min", STAT_MIN}, {"max", STAT_MAX}, {"count", STAT_COUNT}};
    const char *word = scan->text + span.offset;
    bool rate = threshold->key.metric->kind == METRIC_RATE;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) != span.length || strncmp(word, names[i].name, span.length) != 0)
            continue;
        if (rate && names[i].statistic != STAT_COUNT)
            return error_rate_statistic(scan, span, threshold);
        threshold->statistic = names[i].statistic;
        return true;
    }
    /* p1 .. p99, with at most three decimals: p99.9 */
    size_t digits = 0;
    double percent = 0, unit = 1;
    bool point = false;
    bool valid = span.length >= 2 && word[0] == 'p' && is_digit(word[span.length - 1]);
    for (size_t i = 1; i < span.length && valid; i++) {
        if (word[i] == '.' && !point && digits > 0) {
            point = true;
        } else if (is_digit(word[i]) && digits < 5) {
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
    struct span word = peek_word(scan, true);
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
    skip_space(scan);
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
        span = peek_word(scan, false);
    return error_bad_comparison(scan, span);
}

/* Digits with an optional fraction, by hand: strtod would follow the locale, and take "inf", "0x10"
 * and "1e3", of which none belongs in a gate. */
static bool parse_number(struct scan *scan, bool signed_values, double *number)
{
    skip_space(scan);
    bool negative = signed_values && scan->text[scan->at] == '-';
    size_t start = scan->at + negative, end = start;
    double value = 0, unit = 1;
    while (is_digit(scan->text[end]))
        value = value * 10 + (scan->text[end++] - '0');
    size_t digits = end - start;
    if (digits > 0 && scan->text[end] == '.') {
        end++;
        size_t fraction = 0;
        for (; is_digit(scan->text[end]); end++, fraction++) {
            if (fraction < 15) {
                value = value * 10 + (scan->text[end] - '0');
                unit *= 10;
            }
        }
        digits = fraction;
    }
    char next = scan->text[end];
    bool exponent = (next == 'e' || next == 'E') && !is_letter(scan->text[end + 1]);
    if (digits == 0 || exponent || next == '.' || next == ',' || next == '_')
        return error_bad_number(scan, peek_word(scan, false));
    value /= unit;
    if (!isfinite(value) || value > NUMBER_MAX)
        return error_number_too_large(scan, (struct span){start, end - start});
    scan->at = end;
    *number = negative ? -value : value;
    return true;
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
    if (threshold->statistic == STAT_COUNT)
        return 0;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (units[i].unit == threshold->key.metric->unit && strlen(units[i].name) == length &&
            strncmp(word, units[i].name, length) == 0)
            return units[i].factor;
    return 0;
}

static bool span_is(const struct scan *scan, struct span span, const char *word)
{
    return strlen(word) == span.length && strncmp(scan->text + span.offset, word, span.length) == 0;
}

static bool is_unit(const struct scan *scan, struct span span)
{
    return span_is(scan, span, "%") || span_is(scan, span, "ms") || span_is(scan, span, "s") ||
           span_is(scan, span, "us") || span_is(scan, span, "m");
}

static bool parse_limit(struct scan *scan, struct threshold *threshold)
{
    skip_space(scan);
    size_t start = scan->at;
    if (!parse_number(scan, threshold->key.metric->signed_values, &threshold->limit))
        return false;
    struct span number = {start, scan->at - start};
    skip_space(scan);
    struct span unit = peek_word(scan, false);
    /* A word after a space may be the next part of the threshold; one that touches the number
     * can only be its unit. */
    bool touches = unit.length > 0 && unit.offset == number.offset + number.length;
    bool needs =
        threshold->statistic != STAT_COUNT &&
        (threshold->key.metric->unit == UNIT_MS || threshold->key.metric->unit == UNIT_PERCENT);
    bool next =
        !touches && (unit.length == 0 || span_is(scan, unit, "in") || span_is(scan, unit, "warn"));
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

static bool parse_tail(struct scan *scan, struct arena *arena, struct threshold *threshold)
{
    skip_space(scan);
    struct span word = peek_word(scan, false);
    if (span_is(scan, word, "in")) {
        scan->at += word.length;
        skip_space(scan);
        struct span group = peek_word(scan, false);
        if (group.length == 0)
            return error_missing_group(scan, word);
        threshold->group = arena_strndup(arena, scan->text + group.offset, group.length);
        scan->at += group.length;
        skip_space(scan);
        word = peek_word(scan, false);
    }
    if (span_is(scan, word, "warn")) {
        threshold->warn = true;
        scan->at += word.length;
        skip_space(scan);
        word = peek_word(scan, false);
    }
    if (word.length > 0)
        return error_trailing(scan, (struct span){word.offset, strlen(scan->text) - word.offset});
    return true;
}

static const char *squeeze(struct arena *arena, const char *text)
{
    char *squeezed = arena_strdup(arena, text);
    size_t to = 0;
    for (size_t from = 0; text[from] != '\0'; from++) {
        if (!is_space(text[from]))
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
    skip_space(&scan);
    if (!parse_metric(&scan, threshold) || !parse_comparison(&scan, threshold) ||
        !parse_limit(&scan, threshold) || !parse_tail(&scan, arena, threshold))
        return false;
    threshold->text = squeeze(arena, text);
    return true;
}
