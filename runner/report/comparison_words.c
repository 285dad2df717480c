#include "comparison_words.h"

#include <math.h>
#include <stdio.h>

void comparison_name(const struct comparison_line *line, char *out, size_t size)
{
    char name[96];
    metric_key_name(&line->key, name, sizeof name);
    if (line->group)
        snprintf(out, size, "%s (%s)", name, line->group);
    else
        snprintf(out, size, "%s", name);
}

void comparison_figure(const struct comparison_line *line, double value, bool sign, char *out,
                       size_t size)
{
    const char *suffix = metric_unit_suffix(line->key.metric->unit);
    if (!isfinite(value))
        snprintf(out, size, "-");
    else if (fabs(value) >= 10000)
        snprintf(out, size, sign ? "%+.0f%s" : "%.0f%s", value, suffix);
    else
        snprintf(out, size, sign ? "%+.4g%s" : "%.4g%s", fabs(value) < 1e-9 ? 0 : value, suffix);
}

void comparison_chance(const struct comparison_line *line, char *out, size_t size)
{
    if (isnan(line->corrected))
        snprintf(out, size, "%s", "");
    else if (line->corrected < 0.0001)
        snprintf(out, size, "p < 0.0001");
    else
        snprintf(out, size, "p %.2g", line->corrected);
}

void comparison_counts(const struct comparison_report *report, struct text *out)
{
    static const enum comparison_word order[] = {COMPARISON_WORSE, COMPARISON_BETTER,
                                                 COMPARISON_CHANGED, COMPARISON_SAME,
                                                 COMPARISON_CANNOT_TELL};
    const char *before = "";
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (!report->counts[order[i]])
            continue;
        text_printf(out, "%s%zu %s", before, report->counts[order[i]], comparison_word(order[i]));
        before = ", ";
    }
}

bool comparison_shown(const struct comparison_line *line)
{
    return line->word != COMPARISON_SAME && line->word != COMPARISON_CANNOT_TELL;
}
