/*
 * What may follow the limit of a threshold, in any order: where, when, of whom, and what then.
 */
#include <math.h>
#include <string.h>
#include "threshold_error.h"

#define SECOND_NS INT64_C(1000000000)
#define DURATION_MAX 86400
#define GRACE_NS (10 * SECOND_NS)

static const char *const phase_names[THRESHOLD_PHASES] = {[DURING_ALL] = "all",
                                                          [DURING_STEADY] = "steady",
                                                          [DURING_RAMP] = "ramp",
                                                          [DURING_REGISTERED] = "registered",
                                                          [DURING_CALLING] = "calling",
                                                          [DURING_RINGING] = "ringing",
                                                          [DURING_NEGOTIATING] = "negotiating",
                                                          [DURING_INCALL] = "incall"};

const char *threshold_phase_name(enum threshold_phase phase)
{
    return (unsigned)phase < THRESHOLD_PHASES ? phase_names[phase] : "all";
}

bool threshold_is_plain(const struct threshold *threshold)
{
    return threshold->statistic == STAT_COUNT || threshold->statistic == STAT_RATE;
}

bool threshold_is_scoped(const struct threshold *threshold)
{
    return threshold->during != DURING_ALL || threshold->window_ns > 0 ||
           threshold->endpoint_share > 0;
}

bool scan_is_clause(const struct scan *scan, struct span span)
{
    static const char *const words[] = {"in", "during", "of", "abort", "warn"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (scan_is(scan, span, words[i]))
            return true;
    return false;
}

static struct span next_word(struct scan *scan)
{
    scan_skip(scan);
    struct span word = scan_word(scan, false);
    scan->at += word.length;
    return word;
}

/* A number that touches its unit: "10s". */
static bool scan_duration(struct scan *scan, const char *of, int64_t *ns)
{
    scan_skip(scan);
    struct span word = scan_word(scan, false);
    double number = 0;
    if (word.length == 0 || !scan_is_digit(scan->text[word.offset]))
        return error_bad_duration(scan, word, of);
    if (!scan_number(scan, false, &number))
        return false;
    struct span unit = {scan->at, word.offset + word.length - scan->at};
    double factor = scan_is(scan, unit, "s")   ? 1
                    : scan_is(scan, unit, "m") ? 60
                    : scan_is(scan, unit, "h") ? 3600
                                               : 0;
    double seconds = number * factor;
    if (seconds < 1 || seconds > DURATION_MAX || seconds > floor(seconds))
        return error_bad_duration(scan, word, of);
    scan->at = word.offset + word.length;
    *ns = (int64_t)seconds * SECOND_NS;
    return true;
}

static bool scan_phase(struct scan *scan, struct span word, struct threshold *threshold)
{
    for (int i = 0; i < THRESHOLD_PHASES; i++) {
        if (!scan_is(scan, word, phase_names[i]))
            continue;
        threshold->during = (enum threshold_phase)i;
        return true;
    }
    return error_unknown_time(scan, word);
}

static bool scan_during(struct scan *scan, struct span clause, struct threshold *threshold)
{
    if (threshold->during != DURING_ALL || threshold->window_ns > 0)
        return error_twice(scan, clause);
    struct span word = next_word(scan);
    if (word.length == 0)
        return error_missing_time(scan, clause);
    if (!scan_is(scan, word, "worst"))
        return scan_phase(scan, word, threshold);
    if (!scan_duration(scan, "during worst", &threshold->window_ns))
        return false;
    /* "of" may also begin the endpoints, which "worst" or a share follows. */
    struct scan ahead = *scan;
    if (!scan_is(&ahead, next_word(&ahead), "of"))
        return true;
    word = next_word(&ahead);
    if (word.length == 0 || scan_is(&ahead, word, "worst") ||
        scan_is_digit(ahead.text[word.offset]))
        return true;
    scan->at = ahead.at;
    return scan_phase(scan, word, threshold);
}

static bool scan_endpoints(struct scan *scan, struct span clause, struct threshold *threshold)
{
    if (threshold->endpoint_share > 0)
        return error_twice(scan, clause);
    scan_skip(scan);
    struct span word = scan_word(scan, false);
    if (scan_is(scan, word, "worst")) {
        scan->at += word.length;
        word = next_word(scan);
        threshold->endpoint_share = 1;
        return scan_is(scan, word, "endpoint") || error_bad_endpoints(scan, word);
    }
    double percent = 0;
    if (word.length == 0 || !scan_is_digit(scan->text[word.offset]))
        return error_bad_endpoints(scan, word);
    if (!scan_number(scan, false, &percent))
        return false;
    struct span unit = {scan->at, word.offset + word.length - scan->at};
    if (percent <= 0 || percent > 100 || !scan_is(scan, unit, "%"))
        return error_bad_endpoints(scan, word);
    scan->at = word.offset + word.length;
    threshold->endpoint_share = percent / 100;
    word = next_word(scan);
    if (scan_is(scan, word, "of"))
        word = next_word(scan);
    return scan_is(scan, word, "endpoints") || error_bad_endpoints(scan, word);
}

static bool scan_abort(struct scan *scan, struct span clause, struct threshold *threshold)
{
    if (threshold->abort)
        return error_twice(scan, clause);
    threshold->abort = true;
    threshold->grace_ns = GRACE_NS;
    struct scan ahead = *scan;
    if (!scan_is(&ahead, next_word(&ahead), "after"))
        return true;
    scan->at = ahead.at;
    return scan_duration(scan, "abort after", &threshold->grace_ns);
}

static bool scan_group(struct scan *scan, struct span clause, struct arena *arena,
                       struct threshold *threshold)
{
    if (threshold->group)
        return error_twice(scan, clause);
    struct span group = next_word(scan);
    if (group.length == 0)
        return error_missing_group(scan, clause);
    threshold->group = arena_strndup(arena, scan->text + group.offset, group.length);
    return true;
}

static bool scan_clause(struct scan *scan, struct span clause, struct arena *arena,
                        struct threshold *threshold)
{
    if (scan_is(scan, clause, "in"))
        return scan_group(scan, clause, arena, threshold);
    if (scan_is(scan, clause, "during"))
        return scan_during(scan, clause, threshold);
    if (scan_is(scan, clause, "of"))
        return scan_endpoints(scan, clause, threshold);
    if (scan_is(scan, clause, "abort"))
        return scan_abort(scan, clause, threshold);
    if (threshold->warn)
        return error_twice(scan, clause);
    threshold->warn = true;
    return true;
}

bool scan_clauses(struct scan *scan, struct arena *arena, struct threshold *threshold)
{
    for (struct span word = next_word(scan); word.length > 0; word = next_word(scan)) {
        if (!scan_is_clause(scan, word))
            return error_trailing(scan,
                                  (struct span){word.offset, strlen(scan->text) - word.offset});
        if (!scan_clause(scan, word, arena, threshold))
            return false;
        struct span said = {word.offset, scan->at - word.offset};
        if (threshold->abort && threshold->warn)
            return error_abort_warns(scan, said);
        if (threshold->window_ns > 0 && threshold->endpoint_share > 0)
            return error_both_scopes(scan, said);
        if (threshold->statistic == STAT_RATE && threshold->during >= DURING_REGISTERED &&
            threshold->window_ns == 0)
            return error_rate_of_phase(scan, said);
    }
    if (threshold->endpoint_share > 0)
        threshold->min_coverage = threshold->endpoint_share;
    return true;
}
