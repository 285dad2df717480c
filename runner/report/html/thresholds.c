#include "html/html.h"

#include <stdio.h>
#include <string.h>
#include "words.h"

static const char *state(const struct judgement *each)
{
    if (each->verdict == VERDICT_PASS)
        return "pass";
    if (each->verdict == VERDICT_FAIL && each->threshold->warn)
        return "warning";
    return verdict_name(each->verdict);
}

static const char *sign(const char *state)
{
    return strcmp(state, "pass") == 0      ? "\xe2\x9c\x93"
           : strcmp(state, "fail") == 0    ? "\xe2\x9c\x97"
           : strcmp(state, "warning") == 0 ? "!"
                                           : "?";
}

static void add_value(const struct judgement *each, double value, struct text *out)
{
    char text[96];
    threshold_format(each->threshold, value, text, sizeof(text));
    html_text(out, text);
}

/* A share of what was due, and as a number of how many. */
static void add_coverage(const struct judgement *each, struct text *out)
{
    if (each->due == 0) {
        text_add(out, "<span class=\"none\">not known</span>");
        return;
    }
    uint64_t share = (uint64_t)each->covered * 100 / each->due;
    text_printf(out, "%u%% <span class=\"dim\">", (unsigned)(share > 100 ? 100 : share));
    words_thousands(out, each->covered);
    text_add(out, " of ");
    words_thousands(out, each->due);
    text_add(out, "</span>");
}

static void add_name(const struct judgement *each, struct text *out)
{
    char name[96];
    metric_key_name(&each->threshold->key, name, sizeof(name));
    text_add(out, "<td class=\"what\"><a href=\"#/charts/");
    html_text(out, name);
    text_add(out, "\"><code>");
    html_text(out, each->threshold->text);
    text_add(out, "</code></a>");
    if (each->threshold->implicit)
        text_add(out, " <span class=\"dim\">(set by cmtest)</span>");
    else if (each->threshold->line > 0)
        text_printf(out, " <span class=\"dim\">line %d</span>", each->threshold->line);
    if (each->note[0]) {
        text_add(out, "<div class=\"remark\">");
        html_text(out, each->note);
        text_add(out, "</div>");
    }
    text_add(out, "</td>");
}

static void add_row(const struct judgement *each, struct text *out)
{
    const char *word = state(each);
    text_printf(out,
                "<tr class=\"s-%s\"><td data-label=\"Verdict\"><span class=\"pill\"><span "
                "aria-hidden=\"true\">%s</span> %s</span></td>",
                word, sign(word), word);
    add_name(each, out);
    text_add(out, "<td data-label=\"Observed\" class=\"num strong\">");
    if (each->measured)
        add_value(each, each->observed, out);
    else
        text_add(out, "<span class=\"none\">no data</span>");
    if (each->measured && metric_scale_name(each->scale))
        text_printf(out, " <span class=\"dim\">%s%s</span>", metric_scale_name(each->scale),
                    each->scale.provisional ? ", provisional" : "");
    text_add(out, "</td><td data-label=\"Limit\" class=\"num\">");
    add_value(each, each->threshold->limit, out);
    text_add(out, "</td><td data-label=\"Samples\" class=\"num\">");
    words_thousands(out, each->samples);
    if (each->denominator > 0) {
        text_add(out, " <span class=\"dim\">(");
        words_thousands(out, each->numerator);
        text_add(out, " of ");
        words_thousands(out, each->denominator);
        text_add(out, ")</span>");
    }
    text_add(out, "</td><td data-label=\"Coverage\" class=\"num\">");
    add_coverage(each, out);
    text_add(out, "</td></tr>\n");
}

void html_thresholds(const struct result *result, struct text *out)
{
    text_add(out, "<section id=\"thresholds\" aria-labelledby=\"h-thresholds\">"
                  "<h2 id=\"h-thresholds\">Thresholds</h2>\n");
    if (result->threshold_count == 0) {
        text_add(out, "<p>None were set: every endpoint had to end well.</p></section>\n");
        return;
    }
    text_add(out,
             "<table class=\"thresholds\"><thead><tr><th scope=\"col\">Verdict</th>"
             "<th scope=\"col\">Threshold</th><th scope=\"col\" class=\"num\">Observed</th>"
             "<th scope=\"col\" class=\"num\">Limit</th><th scope=\"col\" class=\"num\">"
             "Samples</th><th scope=\"col\" class=\"num\">Coverage</th></tr></thead><tbody>\n");
    /* What did not hold stands first. */
    for (int good = 0; good < 2; good++)
        for (size_t i = 0; i < result->threshold_count; i++)
            if ((result->judgements[i].verdict == VERDICT_PASS) == good)
                add_row(&result->judgements[i], out);
    text_add(out, "</tbody></table></section>\n");
}
