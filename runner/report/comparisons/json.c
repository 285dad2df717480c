/* cmtest-compare/1: see schema/compare.schema.json. null is what is not known. */
#include "../comparison_words.h"
#include "../json_endpoint.h"

#include <stdlib.h>

static void set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static json_t *names(const char *const *from, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_text(from[i]));
    return list;
}

static json_t *line_of(const struct comparison_line *line)
{
    static const char *const better[] = {NULL, "higher", "lower"};
    char name[96];
    json_t *object = json_object();
    metric_key_name(&line->key, name, sizeof name);
    set(object, "metric", json_text(name));
    set(object, "group", json_text(line->group));
    set(object, "word", json_text(comparison_word(line->word)));
    set(object, "better", json_text(better[line->key.metric->better]));
    set(object, "unit", json_text(metric_unit_suffix(line->key.metric->unit)));
    set(object, "base", line->base_units ? json_number(line->base) : json_null());
    set(object, "new", line->next_units ? json_number(line->next) : json_null());
    bool both = line->base_units && line->next_units;
    set(object, "difference", both ? json_number(line->next - line->base) : json_null());
    set(object, "low", both ? json_number(line->low) : json_null());
    set(object, "high", both ? json_number(line->high) : json_null());
    set(object, "margin", json_number(line->margin));
    set(object, "base_units", json_count(line->base_units));
    set(object, "new_units", json_count(line->next_units));
    set(object, "test", json_text(comparison_test(line->test)));
    set(object, "p", both ? json_number(line->p) : json_null());
    set(object, "p_corrected", json_number(line->corrected));
    set(object, "effect", both ? json_number(line->effect) : json_null());
    set(object, "own_timing", json_boolean(line->own_timing));
    set(object, "note", line->note[0] ? json_text(line->note) : json_null());
    return object;
}

static void write(const struct comparison_report *report, const struct comparison_page *page,
                  struct text *out)
{
    (void)page;
    json_t *object = json_object(), *lines = json_array(), *warnings = json_array();
    set(object, "format", json_text("cmtest-compare/1"));
    set(object, "word", json_text(comparison_word(report->word)));
    set(object, "why", report->why[0] ? json_text(report->why) : json_null());
    set(object, "unit", json_text(report->over_runs ? "run" : "call"));
    set(object, "alpha", json_number(report->alpha));
    set(object, "lateness_p99_ms",
        report->lateness_ms > 0 ? json_number(report->lateness_ms) : json_null());
    set(object, "base", names(report->base_names, report->base_count));
    set(object, "new", names(report->next_names, report->next_count));
    for (size_t i = 0; i < report->warning_count; i++)
        json_array_append_new(warnings, json_text(report->warnings[i]));
    set(object, "warnings", warnings);
    for (size_t i = 0; i < report->line_count; i++)
        json_array_append_new(lines, line_of(&report->lines[i]));
    set(object, "metrics", lines);
    char *bytes = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    text_add(out, bytes ? bytes : "{}");
    text_add(out, "\n");
    free(bytes);
    json_decref(object);
}

const struct comparison_format comparison_format_json = {
    .name = "json",
    .help = "for programs (cmtest-compare/1)",
    .write = write,
};
