#include "threshold_error.h"

#include <string.h>
#include "cmtest/text.h"

#define CLAUSES                                                                                   \
    "in GROUP, during steady, during worst 10s, of worst endpoint, of 99%% of endpoints, abort, " \
    "warn"

bool error_missing_group(struct scan *scan, struct span span)
{
    error_hint(scan, "like: in callers");
    return error_set(scan, "missing-group", span, "a group should follow \"in\"");
}

bool error_trailing(struct scan *scan, struct span span)
{
    static const char *const begins[] = {"in", "during", "of", "abort", "warn", NULL};
    struct span word = {span.offset, strcspn(scan->text + span.offset, " \t")};
    struct shown shown = error_show(scan, word);
    const char *near = text_nearest(shown.text, begins, 5);
    if (strcmp(shown.text, "worst") == 0)
        error_hint(scan, "did you mean \"during worst 10s\" or \"of worst endpoint\"?");
    else if (near && strlen(shown.text) > 2)
        error_hint(scan, "did you mean \"%s\"?  (after the limit may come: " CLAUSES ")", near);
    else
        error_hint(scan, "after the limit may come: " CLAUSES);
    return error_set(scan, "trailing-words", span, "\"%s\" is not part of a threshold",
                     error_show(scan, span).text);
}

bool error_twice(struct scan *scan, struct span span)
{
    error_hint(scan, "remove one of them");
    return error_set(scan, "said-twice", span, "\"%s\" is said twice", error_show(scan, span).text);
}

bool error_missing_time(struct scan *scan, struct span span)
{
    error_hint(scan, "like: during steady, during incall, during worst 10s, during worst 10s of "
                     "steady");
    return error_set(scan, "unknown-phase", span, "a part of the test should follow \"during\"");
}

bool error_unknown_time(struct scan *scan, struct span span)
{
    const char *names[THRESHOLD_PHASES + 2];
    size_t count = 0;
    for (; count < THRESHOLD_PHASES; count++)
        names[count] = threshold_phase_name((enum threshold_phase)count);
    names[count++] = "worst";
    struct shown shown = error_show(scan, span);
    const char *near = text_nearest(shown.text, names, count);
    error_hint(scan,
               "%s%s%s(steady, ramp, registered, calling, ringing, negotiating, incall, all; or "
               "worst 10s)",
               near ? "did you mean \"" : "", near ? near : "", near ? "\"?  " : "");
    return error_set(scan, "unknown-phase", span, "\"%s\" is no part of a test", shown.text);
}

bool error_bad_duration(struct scan *scan, struct span span, const char *of)
{
    error_hint(scan, "whole seconds, at most a day: 10s, 5m, 1h");
    if (span.length == 0)
        return error_set(scan, "bad-number", span, "a time should follow \"%s\"", of);
    return error_set(scan, "bad-number", span, "\"%s\" is no time for \"%s\"",
                     error_show(scan, span).text, of);
}

bool error_bad_endpoints(struct scan *scan, struct span span)
{
    error_hint(scan, "write: of worst endpoint, or of 99%% of endpoints  (above 0%%, at most "
                     "100%%)");
    if (span.length == 0)
        return error_set(scan, "bad-scope", span, "it should follow of which endpoints");
    return error_set(scan, "bad-scope", span, "\"%s\" does not say of which endpoints",
                     error_show(scan, span).text);
}

bool error_abort_warns(struct scan *scan, struct span span)
{
    error_hint(scan, "remove abort, or warn");
    return error_set(scan, "bad-scope", span, "what only warns cannot end the run");
}

bool error_both_scopes(struct scan *scan, struct span span)
{
    error_hint(scan, "write two thresholds: one with \"during worst ...\", one with \"of ... "
                     "endpoint\"");
    return error_set(scan, "bad-scope", span,
                     "the worst window of all endpoints and the worst endpoint are two questions");
}

bool error_rate_of_phase(struct scan *scan, struct span span)
{
    error_hint(scan, "use .count or .sum, or during steady or ramp");
    return error_set(scan, "bad-scope", span,
                     "a phase of an endpoint is at another time for each of them, so nothing is so "
                     "often per second in it");
}
