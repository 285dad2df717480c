/*
 * report.html: for people. What it is made of is in html/html.h.
 *
 * A page that came from elsewhere is not to be trusted with a reader's browser: its own policy
 * forbids every request, and every script but the one whose hash stands in it.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include "html/html.h"

extern const char html_app_css[], html_app_js[], html_charts_js[], html_core_js[];
extern const char html_endpoint_js[], html_ladder_js[], html_table_js[];
extern const char html_uplot_css[], html_uplot_js[], html_uplot_license[];

static void add_script(struct text *out)
{
    const char *const parts[] = {html_core_js,   html_charts_js,   html_table_js,
                                 html_ladder_js, html_endpoint_js, html_app_js};
    text_add(out, "\n/*! uPlot\n");
    text_add(out, html_uplot_license);
    text_add(out, "*/\n");
    text_add(out, html_uplot_js);
    text_add(out, "\n(function () {\n\"use strict\";\n");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        text_add(out, parts[i]);
    text_add(out, "}());\n");
}

static void add_hash(struct text *out, const struct text *script)
{
    unsigned char digest[EVP_MAX_MD_SIZE], base64[2 * EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (!EVP_Digest(script->data, script->length, digest, &length, EVP_sha256(), NULL))
        abort();
    EVP_EncodeBlock(base64, digest, (int)length);
    text_add(out, (const char *)base64);
}

static void add_head(const struct result *result, const struct text *script, struct text *out)
{
    text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "script-src 'sha256-");
    add_hash(out, script);
    text_add(out, "'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                  "form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<link rel=\"icon\" href=\"data:,\">\n<title>");
    text_add(out, verdict_name(result->verdict));
    text_add(out, ": ");
    html_text(out, result->roster->name ? result->roster->name : "cmtest");
    text_add(out, "</title>\n<style>\n");
    text_add(out, html_uplot_css);
    text_add(out, "\n");
    text_add(out, html_app_css);
    text_add(out, "</style>\n</head>\n");
}

/* Hidden until the script has something to put into it. */
static void add_live(struct text *out)
{
    text_add(
        out,
        "<div id=\"live\" hidden style=\"display:contents\">\n"
        "<section id=\"charts\" aria-labelledby=\"h-charts\"><div class=\"tools\">"
        "<h2 id=\"h-charts\">Over time</h2>"
        "<select id=\"group\" aria-label=\"Which group\"><option value=\"-1\">all groups"
        "</option></select><details class=\"chooser\"><summary>Choose charts</summary>"
        "<div class=\"list\" id=\"chooser\"></div></details></div>\n"
        "<div class=\"charts\" id=\"plots\"></div>"
        "<p class=\"foot screen\" id=\"bands-note\"></p></section>\n"
        "<section id=\"endpoints\" aria-labelledby=\"h-endpoints\"><div class=\"tools\">"
        "<h2 id=\"h-endpoints\">Endpoints</h2><span class=\"dim\" id=\"found\" "
        "role=\"status\"></span>"
        "<input id=\"by-text\" type=\"search\" placeholder=\"Find\" aria-label=\"Find\">"
        "<select id=\"by-outcome\" aria-label=\"Outcome\"><option value=\"\">any outcome"
        "</option><option value=\"bad\">did not end well</option></select>"
        "<select id=\"by-group\" aria-label=\"Group\"><option value=\"\">any group</option>"
        "</select></div>\n"
        "<div class=\"grid\" id=\"grid\" tabindex=\"0\" role=\"region\" aria-label=\"Endpoints:"
        " arrows move, Enter opens\"><table><thead><tr id=\"heads\"></tr></thead>"
        "<tbody id=\"rows\"></tbody></table></div></section>\n</div>\n");
}

static void add_body(const struct report_run *run, struct text *out)
{
    text_add(out, "<body>\n<header class=\"top\"><b>cmtest</b><nav class=\"top-links\">"
                  "<a href=\"#/\">Verdict</a> &nbsp; <a href=\"#/charts\">Charts</a> &nbsp; "
                  "<a href=\"#/endpoints\">Endpoints</a></nav></header>\n"
                  "<main id=\"summary\">\n");
    html_verdict(run, out);
    html_thresholds(run->result, out);
    text_add(out, "<div class=\"pair\">\n");
    html_topology(run->result, out);
    html_outcomes(run->result, out);
    text_add(out, "</div>\n<noscript><section><p>The charts and the table of endpoints need "
                  "JavaScript; everything is in result.json too.</p></section></noscript>\n");
    add_live(out);
    text_add(out,
             "</main>\n<main id=\"page\" hidden></main>\n<footer>Made by cmtest " CMTEST_VERSION
             ". Charts by uPlot.<details><summary>License of uPlot</summary><pre>");
    html_text(out, html_uplot_license);
    text_add(out, "</pre></details></footer>\n");
}

static void add_groups(const struct result *result, struct text *out)
{
    text_add(out, ",\n\"groups\":[");
    for (uint32_t i = 0; i < result->roster->group_count; i++) {
        const struct roster_group *group = &result->roster->groups[i];
        text_add(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        html_json(out, group->name);
        text_printf(out, ",\"first\":%u,\"count\":%u,\"target\":", group->first, group->count);
        html_json(out, group->target ? group->target : "");
        text_add(out, "}");
    }
    text_add(out, "]");
}

/* "p95" or "avg"; "" for what has no statistic. */
static void add_statistic(const struct threshold *threshold, struct text *out)
{
    char name[96];
    metric_key_name(&threshold->key, name, sizeof(name));
    const char *rest = threshold->text;
    size_t length = strlen(name);
    if (strncmp(rest, name, length) == 0 && rest[length] == '.')
        html_json_bytes(out, rest + length + 1, strcspn(rest + length + 1, " <>=!"));
    else
        text_add(out, "\"\"");
}

static void add_limits(const struct result *result, struct text *out)
{
    static const char *const signs[] = {[COMPARE_GE] = "\xe2\x89\xa5",
                                        [COMPARE_LE] = "\xe2\x89\xa4",
                                        [COMPARE_GT] = ">",
                                        [COMPARE_LT] = "<",
                                        [COMPARE_EQ] = "=",
                                        [COMPARE_NE] = "\xe2\x89\xa0"};
    text_add(out, ",\n\"limits\":[");
    for (size_t i = 0; i < result->threshold_count; i++) {
        const struct judgement *each = &result->judgements[i];
        const struct threshold *threshold = each->threshold;
        char name[96];
        metric_key_name(&threshold->key, name, sizeof(name));
        text_printf(out, "%s\n{\"key\":\"%s\",\"verdict\":\"%s\",\"stat\":", i > 0 ? "," : "", name,
                    verdict_name(each->verdict));
        add_statistic(threshold, out);
        text_add(out, ",\"compare\":");
        html_json(out, signs[threshold->comparison]);
        text_add(out, ",\"micro\":");
        /* The number of samples is no value of the chart. */
        if (threshold->statistic == STAT_COUNT)
            text_add(out, "null");
        else
            html_scaled(out, threshold->limit, 6);
        text_add(out, ",\"group\":");
        if (threshold->group)
            html_json(out, threshold->group);
        else
            text_add(out, "null");
        text_add(out, "}");
    }
    text_add(out, "]");
}

static void add_data(const struct report_run *run, struct text *out)
{
    const struct result *result = run->result;
    struct html_figures *figures =
        calloc(result->roster->endpoint_count + 1u, sizeof(struct html_figures));
    if (!figures)
        abort();
    text_add(out, "<script type=\"application/json\" id=\"data\">\n{\"name\":");
    html_json(out, result->roster->name ? result->roster->name : "cmtest");
    text_printf(out, ",\"verdict\":\"%s\"", verdict_name(result->verdict));
    add_groups(result, out);
    add_limits(result, out);
    text_add(out, ",\n\"bands\":");
    html_bands(run, figures, out);
    text_add(out, ",\n\"table\":");
    html_table(result, figures, out);
    text_add(out, ",\n\"details\":");
    html_details(run, figures, out);
    text_add(out, "}\n</script>\n");
    free(figures);
}

static void write_html(const struct report *report, struct text *out)
{
    const struct report_run *run = &report->runs[0];
    struct text script = {0};
    add_script(&script);
    add_head(run->result, &script, out);
    add_body(run, out);
    add_data(run, out);
    text_add(out, "<script>");
    text_add_bytes(out, text_get(&script), script.length);
    text_add(out, "</script>\n</body>\n</html>\n");
    text_fini(&script);
}

const struct report_format report_format_html = {
    .name = "html",
    .file = "report.html",
    .help = "for people: verdict, charts over time, every endpoint; one file without any request",
    .single = true,
    .write = write_html,
};
