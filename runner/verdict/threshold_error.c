#include "threshold_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "cmtest/text.h"

#define STATISTICS "avg, min, max, sum, count, rate, median, stddev, p1 to p99"
#define NAME_MAX_BYTES 64
#define KEYS_MAX 256

/* Without what could drive a terminal. */
static void copy_shown(char *to, const char *from, size_t length)
{
    for (size_t i = 0; i < length; i++)
        to[i] = (unsigned char)from[i] < 0x20 || (unsigned char)from[i] >= 0x7f ? '?' : from[i];
    to[length] = '\0';
}

struct shown error_show(const struct scan *scan, struct span span)
{
    struct shown shown;
    char bytes[ERROR_SHOWN_MAX + 1];
    copy_shown(bytes, scan->text + span.offset,
               span.length < ERROR_SHOWN_MAX ? span.length : ERROR_SHOWN_MAX);
    snprintf(shown.text, sizeof(shown.text), "%s%s", bytes,
             span.length > ERROR_SHOWN_MAX ? "..." : "");
    return shown;
}

bool error_set(struct scan *scan, const char *code, struct span span, const char *message, ...)
{
    va_list args;
    scan->error->code = code;
    scan->error->offset = span.offset;
    scan->error->length = span.length > 0 ? span.length : 1;
    va_start(args, message);
    vsnprintf(scan->error->message, sizeof(scan->error->message), message, args);
    va_end(args);
    return false;
}

void error_hint(struct scan *scan, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(scan->error->hint, sizeof(scan->error->hint), format, args);
    va_end(args);
}

bool error_too_long(struct scan *scan, size_t limit)
{
    error_hint(scan, "like: calls.success_rate >= 99%%");
    return error_set(scan, "too-long", (struct span){0, strlen(scan->text)},
                     "a threshold is one line of at most %zu bytes", limit);
}

bool error_no_metric(struct scan *scan, struct span span)
{
    error_hint(scan, "like: calls.success_rate >= 99%%, or receive.mos.p5 >= 3.8");
    return error_set(scan, "unknown-metric", span, "a threshold begins with a metric");
}

/* ---- unknown metric --------------------------------------------------------------------- */

/* Every metric key by name, so that the nearest can be found. */
struct names {
    char text[KEYS_MAX][NAME_MAX_BYTES];
    const char *candidates[KEYS_MAX];
    size_t count;
};

static void collect_names(struct names *names)
{
    static const unsigned directions[] = {METRIC_PLAIN, METRIC_RECEIVE, METRIC_SEND};
    names->count = 0;
    for (size_t i = 0; metrics[i]; i++) {
        for (size_t d = 0; d < 3 && names->count < KEYS_MAX; d++) {
            if (!(metrics[i]->directions & directions[d]))
                continue;
            struct metric_key key = {metrics[i], directions[d]};
            metric_key_name(&key, names->text[names->count], NAME_MAX_BYTES);
            names->candidates[names->count] = names->text[names->count];
            names->count++;
        }
    }
}

/* The row whose name without a direction begins word; *rest is what follows it ("" or ".p5"). */
static const struct metric *find_row(const char *word, const char **rest)
{
    for (size_t i = 0; metrics[i]; i++) {
        size_t length = strlen(metrics[i]->name);
        if (strncmp(word, metrics[i]->name, length) == 0 &&
            (word[length] == '.' || word[length] == '\0')) {
            *rest = word + length;
            return metrics[i];
        }
    }
    return NULL;
}

/* "mos.p5" and "receive.post_dial_delay.p95": the metric is right, its direction is not. */
static bool wrong_direction(struct scan *scan, struct span span, const char *word)
{
    const char *rest;
    const struct metric *row = find_row(word, &rest);
    if (row) {
        error_hint(scan, "did you mean \"receive.%s%s\" or \"send.%s%s\"?", row->name, rest,
                   row->name, rest);
        error_set(scan, "unknown-metric", span,
                  "%s is measured in two directions, and none is given", row->name);
        return true;
    }
    const char *dot = strchr(word, '.');
    row = dot ? find_row(dot + 1, &rest) : NULL;
    if (!row)
        return false;
    if (row->directions & METRIC_PLAIN) {
        error_hint(scan, "did you mean \"%s%s\"?", row->name, rest);
        error_set(scan, "unknown-metric", span, "%s has no direction", row->name);
    } else {
        error_hint(scan, "did you mean \"receive.%s%s\" or \"send.%s%s\"?", row->name, rest,
                   row->name, rest);
        error_set(scan, "unknown-metric", span, "the directions of %s are receive and send",
                  row->name);
    }
    return true;
}

/* The key in the same direction that ends with the word, as packet_loss does with loss; NULL. */
static const char *longer_key(const struct names *names, const char *word)
{
    const char *dot = strchr(word, '.');
    if (!dot || strlen(dot + 1) < 3)
        return NULL;
    size_t way = (size_t)(dot + 1 - word), length = strlen(dot + 1);
    for (size_t i = 0; i < names->count; i++) {
        const char *key = names->candidates[i];
        size_t whole = strlen(key);
        if (strncmp(key, word, way) == 0 && whole > way + length + 1 &&
            key[whole - length - 1] == '_' && strcmp(key + whole - length, dot + 1) == 0)
            return key;
    }
    return NULL;
}

static const char *near_key(const struct names *names, const char *word)
{
    const char *key = longer_key(names, word);
    return key ? key : text_nearest(word, names->candidates, names->count);
}

/* The nearest key to word or to its beginnings, since the end may be a statistic, which may hold a
 * dot itself (p99.9). Changes word. */
static const char *nearest_key(const struct names *names, char *word, const char **statistic)
{
    const char *near = near_key(names, word);
    *statistic = "";
    char *last = strrchr(word, '.');
    if (near || !last)
        return near;
    *last = '\0';
    *statistic = last + 1;
    near = near_key(names, word);
    char *previous = strrchr(word, '.');
    if (near || !previous)
        return near;
    *last = '.';
    *previous = '\0';
    *statistic = previous + 1;
    return near_key(names, word);
}

bool error_unknown_metric(struct scan *scan, struct span span)
{
    char word[128];
    struct names names;
    size_t length = span.length < sizeof(word) ? span.length : sizeof(word) - 1;
    copy_shown(word, scan->text + span.offset, length);
    if (span.length < sizeof(word) && wrong_direction(scan, span, word))
        return false;
    collect_names(&names);
    const char *statistic;
    const char *near = nearest_key(&names, word, &statistic);
    if (near)
        error_hint(scan, "did you mean \"%s%s%s\"?", near, statistic[0] ? "." : "", statistic);
    else
        error_hint(scan,
                   "like calls.success_rate, receive.mos.p5 or post_dial_delay.p95; cmtest list "
                   "metrics shows all");
    return error_set(scan, "unknown-metric", span, "\"%s\" is not a metric",
                     error_show(scan, span).text);
}

/* ---- statistics ------------------------------------------------------------------------- */

bool error_missing_statistic(struct scan *scan, struct span span)
{
    struct shown name = error_show(scan, span);
    error_hint(
        scan,
        "say which: %s.avg, .min, .max, .sum, .count, .rate, .median, .stddev or a percentile "
        "as .p5, .p95, .p99.9",
        name.text);
    return error_set(scan, "missing-statistic", span,
                     "%s has many values, and a threshold needs one", name.text);
}

static const char *statistic_advice(const char *word, size_t length)
{
    static const struct {
        const char *word;
        const char *advice;
    } known[] = {
        {"mean", "the mean is called avg"},
        {"average", "the mean is called avg"},
        {"med", "it is called median"},
        {"std", "the standard deviation is called stddev"},
        {"stdev", "the standard deviation is called stddev"},
        {"sd", "the standard deviation is called stddev"},
        {"deviation", "the standard deviation is called stddev"},
        {"minimum", "the lowest is called min"},
        {"maximum", "the highest is called max"},
        {"p0", "the lowest is called min"},
        {"p100", "the highest is called max"},
        {"total", "all values added up are called sum"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strlen(known[i].word) == length && strncmp(known[i].word, word, length) == 0)
            return known[i].advice;
    return NULL;
}

bool error_unknown_statistic(struct scan *scan, struct span span, const struct threshold *threshold)
{
    const char *advice = statistic_advice(scan->text + span.offset, span.length);
    if (threshold->key.metric->kind == METRIC_RATE && !advice)
        return error_rate_statistic(scan, span, threshold);
    error_hint(scan, "%s%s(" STATISTICS ")", advice ? advice : "", advice ? "  " : "");
    if (span.length == 0)
        return error_set(scan, "unknown-statistic", span, "a statistic should follow the dot");
    return error_set(scan, "unknown-statistic", span, "\"%s\" is not a statistic",
                     error_show(scan, span).text);
}

bool error_rate_statistic(struct scan *scan, struct span span, const struct threshold *threshold)
{
    error_hint(scan,
               "write: %s >= 99%%  (or .count, for how many there were, or .rate, for how many per "
               "second)",
               threshold->key.metric->name);
    return error_set(scan, "unknown-statistic", span, "%s is a single share and has no \"%s\"",
                     threshold->key.metric->name, error_show(scan, span).text);
}

/* ---- comparison and number -------------------------------------------------------------- */

bool error_bad_comparison(struct scan *scan, struct span span)
{
    static const struct {
        const char *sign, *meant;
    } slips[] = {{"=>", ">="},  {"=<", "<="}, {"=", "=="},
                 {"===", "=="}, {"<>", "!="}, {"!==", "!="}};
    const char *meant = NULL;
    for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
        if (strlen(slips[i].sign) == span.length &&
            strncmp(scan->text + span.offset, slips[i].sign, span.length) == 0)
            meant = slips[i].meant;
    if (meant)
        error_hint(scan, "did you mean \"%s\"?  (>=, <=, >, <, ==, !=)", meant);
    else
        error_hint(scan, "one of >=, <=, >, <, ==, !=");
    if (span.length == 0)
        return error_set(scan, "bad-comparison", span, "a comparison should follow the metric");
    return error_set(scan, "bad-comparison", span, "\"%s\" is not a comparison",
                     error_show(scan, span).text);
}

bool error_bad_number(struct scan *scan, struct span span)
{
    char first = scan->text[span.offset];
    if (span.length == 0) {
        error_hint(scan, "like 99.5%%, 3.8 or 200ms");
        return error_set(scan, "bad-number", span, "a number should follow the comparison");
    }
    struct shown shown = error_show(scan, span);
    if (first == '-') {
        error_hint(scan, "a limit is 0 or more");
        return error_set(scan, "bad-number", span, "\"%s\" is negative", shown.text);
    }
    if (first == '.')
        error_hint(scan, "write the zero: 0%s", shown.text);
    else if (memchr(scan->text + span.offset, ',', span.length))
        error_hint(scan, "decimals are set off by a point, thousands by nothing: 99.5, 1000");
    else
        error_hint(scan, "digits, and a point if need be: 99.5%%, 3.8, 200ms");
    return error_set(scan, "bad-number", span, "\"%s\" is not a number", shown.text);
}

bool error_number_too_large(struct scan *scan, struct span span)
{
    error_hint(scan, "no metric comes near this");
    return error_set(scan, "bad-number", span, "\"%s\" is too large", error_show(scan, span).text);
}

bool error_missing_unit(struct scan *scan, struct span span, const struct threshold *threshold)
{
    struct shown number = error_show(scan, span);
    const char *name = threshold->key.metric->name;
    if (threshold->key.metric->unit == UNIT_PERCENT) {
        error_hint(scan, "write %s%%", number.text);
        return error_set(scan, "missing-unit", span, "%s is a share and is given in %%", name);
    }
    error_hint(scan, "write %sms or %ss  (us, ms, s, m)", number.text, number.text);
    return error_set(scan, "missing-unit", span, "%s is a time, and %s of what is not said", name,
                     number.text);
}

bool error_bad_unit(struct scan *scan, struct span span, const struct threshold *threshold)
{
    const struct metric *metric = threshold->key.metric;
    struct shown unit = error_show(scan, span);
    if (threshold->statistic == STAT_RATE) {
        error_hint(scan, "write the number alone, or with /s");
        return error_set(scan, "bad-unit", span,
                         "a rate is so many per second, and has no unit \"%s\"", unit.text);
    }
    if (threshold->statistic == STAT_COUNT) {
        error_hint(scan, "write the number alone");
        return error_set(scan, "bad-unit", span, "a count has no unit \"%s\"", unit.text);
    }
    if (metric->unit == UNIT_PERCENT)
        error_hint(scan, "%s is given in %%", metric->name);
    else if (metric->unit == UNIT_MS)
        error_hint(scan, "%s is a time: us, ms, s or m", metric->name);
    else if (metric->unit == UNIT_BPS)
        error_hint(scan, "%s is a bit rate: bps, kbps or Mbps", metric->name);
    else if (metric->unit == UNIT_DBOV || metric->unit == UNIT_DBM || metric->unit == UNIT_PPM)
        error_hint(scan, "%s is given in%s", metric->name, metric_unit_suffix(metric->unit));
    else
        error_hint(scan, "%s has no unit to give: write the number alone", metric->name);
    return error_set(scan, "bad-unit", span, "\"%s\" is not a unit of %s", unit.text, metric->name);
}

bool check_limit(struct scan *scan, struct span span, const struct threshold *threshold)
{
    const struct metric *metric = threshold->key.metric;
    double highest = metric->highest;
    if (threshold_is_plain(threshold) || threshold->statistic == STAT_SUM || highest <= 0)
        return true;
    bool above = threshold->limit > highest;
    bool never = threshold->limit >= highest && threshold->comparison == COMPARE_GT;
    if (!above && !never)
        return true;
    error_hint(scan, "the highest value of %s is %g%s", metric->name, highest,
               metric_unit_suffix(metric->unit));
    return error_set(scan, "bad-number", span, "%s cannot be above %s", metric->name,
                     error_show(scan, span).text);
}
