#include "html/html.h"

#include <string.h>
#include "words.h"

/* A sign beside the word, so that nobody needs to tell colours apart. */
static const char *sign(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_PASS:
        return "\xe2\x9c\x93"; /* check mark */
    case VERDICT_FAIL:
        return "\xe2\x9c\x97"; /* ballot x */
    case VERDICT_ERROR:
        return "!";
    case VERDICT_INCONCLUSIVE:
        break;
    }
    return "?";
}

static void add_fact(struct text *out, const char *name, const char *value)
{
    text_printf(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

static void add_duration(struct text *out, int64_t ns)
{
    int64_t seconds = ns / 1000000000;
    if (seconds >= 3600)
        text_printf(out, "%d h ", (int)(seconds / 3600));
    if (seconds >= 60)
        text_printf(out, "%d min ", (int)(seconds / 60 % 60));
    if (seconds >= 60)
        text_printf(out, "%d s", (int)(seconds % 60));
    else
        text_printf(out, "%d.%d s", (int)seconds, (int)(ns / 100000000 % 10));
}

static void add_facts(const struct report_run *run, struct text *out)
{
    const struct result *result = run->result;
    struct text value = {0};
    text_add(out, "<dl class=\"facts\">\n");
    words_time(&value, result->started_ns, 0);
    text_add(&value, "Z");
    char *t = strchr(value.data, 'T');
    if (t)
        *t = ' ';
    add_fact(out, "Started (UTC)", text_get(&value));
    text_clear(&value);
    add_duration(&value, result->ended_ns - result->started_ns);
    add_fact(out, "Took", text_get(&value));
    text_clear(&value);
    words_thousands(&value, result->roster->endpoint_count);
    add_fact(out, "Endpoints", text_get(&value));
    text_clear(&value);
    words_thousands(&value, result->roster->planned_calls);
    add_fact(out, "Calls planned", text_get(&value));
    text_clear(&value);
    html_text(&value, result->roster->spec ? result->roster->spec : "");
    if (value.length > 0)
        add_fact(out, "Spec", text_get(&value));
    text_clear(&value);
    html_text(&value, run->case_name ? run->case_name : "");
    if (value.length > 0)
        add_fact(out, "Case", text_get(&value));
    text_clear(&value);
    text_printf(&value, "%llu", (unsigned long long)result->seed);
    add_fact(out, "Seed", text_get(&value));
    struct text remote = {0};
    words_remote(&remote, result);
    text_clear(&value);
    html_text(&value, text_get(&remote));
    if (value.length > 0)
        add_fact(out, "Platform", text_get(&value));
    text_fini(&remote);
    text_add(out, "</dl>\n");
    text_fini(&value);
}

static void add_paragraph(struct text *out, const char *class, const char *label, const char *text)
{
    if (!*text)
        return;
    text_printf(out, "<p class=\"%s\"><b>%s</b> ", class, label);
    html_text(out, text);
    text_add(out, "</p>\n");
}

static void add_attempts(const struct report_run *run, struct text *out)
{
    if (run->attempts < 2)
        return;
    text_printf(out, "<div class=\"note flaky\"><b>%s after %u attempts.</b> ",
                run->result->verdict == VERDICT_PASS ? "Flaky: passed" : "Not passed",
                run->attempts);
    text_add(out, "What kept the earlier ones from passing:<ol>\n");
    for (unsigned i = 0; run->tried && i + 1 < run->attempts; i++) {
        text_add(out, "<li>");
        html_text(out, run->tried[i] ? run->tried[i] : "");
        text_add(out, "</li>\n");
    }
    text_add(out, "</ol></div>\n");
}

static void add_limits(const struct result *result, struct text *out)
{
    bool decisive = false, any = false;
    for (uint32_t i = 0; i < result->limit_count; i++) {
        any |= i != result->limit_told;
        decisive |= i != result->limit_told && result->limits[i].decisive;
    }
    if (!any)
        return;
    text_printf(out,
                "<section class=\"limits\" aria-labelledby=\"h-limits\"><h2 id=\"h-limits\">"
                "%s</h2>\n<ul class=\"diagnoses\">\n",
                decisive ? "Limits of this machine" : "This machine was near a limit");
    for (uint32_t i = 0; i < result->limit_count; i++) {
        const struct result_limit *limit = &result->limits[i];
        size_t length = strlen(limit->text);
        if (i == result->limit_told)
            continue;
        text_add(out, "<li><h3>");
        html_text(out, limit->resource);
        text_add(out, decisive && !limit->decisive ? " (near its limit)</h3><p>" : "</h3><p>");
        html_text(out, limit->text);
        text_add(out, length > 0 && limit->text[length - 1] != '.' ? "." : "");
        if (limit->fits > 0) {
            text_add(out, " It would carry about ");
            words_thousands(out, limit->fits);
            text_add(out, " endpoints.");
        }
        text_add(out, "</p>");
        add_paragraph(out, "try", "Try", limit->next);
        text_add(out, "</li>\n");
    }
    text_add(out, "</ul></section>\n");
}

static void add_endpoint_links(const struct result *result, const struct result_diagnosis *each,
                               struct text *out)
{
    text_add(out, "<p class=\"who\">");
    for (uint32_t i = 0; i < each->first_count; i++) {
        char name[96];
        roster_endpoint_name(result->roster, each->first[i], name, sizeof(name));
        text_printf(out, "%s<a href=\"#/endpoint/%u\">", i > 0 ? " " : "", each->first[i]);
        html_text(out, name);
        text_add(out, "</a>");
    }
    if (each->count > each->first_count) {
        text_add(out, " and ");
        words_thousands(out, each->count - each->first_count);
        text_add(out, " more");
    }
    text_add(out, "</p>");
}

static void add_diagnoses(const struct result *result, struct text *out)
{
    if (result->diagnosis_count == 0)
        return;
    text_add(out, "<section aria-labelledby=\"h-diagnoses\"><h2 id=\"h-diagnoses\">Diagnosis</h2>"
                  "\n<ul class=\"diagnoses\">\n");
    for (uint32_t i = 0; i < result->diagnosis_count; i++) {
        const struct result_diagnosis *each = &result->diagnoses[i];
        text_add(out, "<li><h3>");
        html_text(out, each->rule->title);
        text_add(out, " <span class=\"count\">");
        words_thousands(out, each->count);
        text_printf(out, " endpoint%s</span></h3>", each->count == 1 ? "" : "s");
        /* The verdict has just told the one that it is about. */
        if (i != result->diagnosis_told) {
            text_add(out, "<p>");
            html_text(out, each->text);
            text_add(out, "</p>");
            add_paragraph(out, "try", "Try", each->next);
        }
        add_endpoint_links(result, each, out);
        text_add(out, "</li>\n");
    }
    text_add(out, "</ul>\n");
    if (result->diagnoses_dropped > 0)
        text_printf(out, "<p>%u more kinds of failure are not listed.</p>\n",
                    result->diagnoses_dropped);
    text_add(out, "</section>\n");
}

void html_verdict(const struct report_run *run, struct text *out)
{
    const struct result *result = run->result;
    bool flaky = result->verdict == VERDICT_PASS && run->attempts > 1;
    const char *name = flaky ? "flaky" : verdict_name(result->verdict);
    text_printf(out,
                "<section class=\"verdict v-%s\" aria-labelledby=\"h-verdict\">\n"
                "<div class=\"badge\"><span class=\"sign\" aria-hidden=\"true\">%s</span>"
                "<span class=\"word\">%s</span></div>\n<div class=\"said\">"
                "<h1 id=\"h-verdict\">",
                name, flaky ? "~" : sign(result->verdict), name);
    html_text(out, result->roster->name ? result->roster->name : "cmtest");
    text_add(out, "</h1>\n");
    if (result->interrupted)
        text_add(out, "<p class=\"why\"><b>Interrupted.</b> What had been measured is here.</p>\n");
    if (strcmp(result->why, result->error) != 0)
        add_paragraph(out, "why", "Error", result->error);
    add_paragraph(out, "why", "Why", result->why);
    add_paragraph(out, "try", "Try", result->try_next);
    add_facts(run, out);
    text_add(out, "</div></section>\n");
    add_attempts(run, out);
    add_limits(result, out);
    add_diagnoses(result, out);
}
