/* SARIF 2.1.0, as GitHub's code scanning and most editors read it. The rules are the explanations
 * of the codes that were found. */
#include "diagnostic.h"
#include "json_endpoint.h"

#include <string.h>
#include "cmtest/explanation.h"

/* GitHub shows no more of a run. */
_Static_assert(DIAG_LIMIT <= 5000, "too many results for one run");

static const char *level(enum diag_severity severity)
{
    return severity == DIAG_ERROR ? "error" : "warning";
}

static json_t *message(const char *text)
{
    return json_pack("{s:o}", "text", json_text(text));
}

static json_t *location(const struct diag *diag, const struct place *place, const char *path)
{
    const char *line;
    size_t length;
    json_t *region = json_pack("{s:i}", "startLine", diagnostic_line(place));
    if (diagnostic_has_line(place)) {
        json_object_set_new(region, "startColumn", json_integer(diagnostic_column(place)));
        json_object_set_new(region, "endColumn", json_integer(diagnostic_end_column(place)));
    }
    if (diag_line(diag, place, &line, &length)) {
        struct text copy = {0};
        text_add_bytes(&copy, line, length);
        json_object_set_new(region, "snippet", message(text_get(&copy)));
        text_fini(&copy);
    }
    return json_pack("{s:{s:o, s:o}}", "physicalLocation", "artifactLocation",
                     diagnostic_artifact(diagnostic_file(place, path)), "region", region);
}

static json_t *related(const struct diag *diag, const struct finding *finding, const char *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < finding->related_count; i++) {
        json_t *each = location(diag, &finding->related[i].place, path);
        json_object_set_new(each, "id", json_integer((json_int_t)i + 1));
        json_object_set_new(each, "message", message(finding->related[i].message));
        json_array_append_new(list, each);
    }
    return list;
}

static json_t *rule(const char *code)
{
    const struct explanation *known = explanation_find(code);
    json_t *object = json_pack("{s:o}", "id", json_text(code));
    if (!known)
        return object;
    struct text help = {0};
    text_printf(&help, "%s\n\n%s\n\ncmtest explain %s shows an example.", known->meaning,
                known->remedy, code);
    json_object_set_new(object, "shortDescription", message(known->title));
    json_object_set_new(object, "fullDescription", message(known->meaning));
    json_object_set_new(object, "help", message(text_get(&help)));
    json_object_set_new(object, "defaultConfiguration",
                        json_pack("{s:s}", "level", level(known->severity)));
    text_fini(&help);
    return object;
}

/* Index of the rule for a code; it is added when it is new. */
static size_t rule_index(json_t *rules, const char *code)
{
    size_t count = json_array_size(rules);
    for (size_t i = 0; i < count; i++) {
        const json_t *id = json_object_get(json_array_get(rules, i), "id");
        if (strcmp(json_string_value(id), code) == 0)
            return i;
    }
    json_array_append_new(rules, rule(code));
    return count;
}

static json_t *result(struct diag *diag, size_t index, const char *path, json_t *rules)
{
    const struct finding *finding = diag_get(diag, index);
    char fingerprint[DIAG_FINGERPRINT_SIZE];
    struct text words = {0};
    diag_fingerprint(diag, index, fingerprint);
    diagnostic_words(finding, &words);
    json_t *object = json_object();
    json_object_set_new(object, "ruleId", json_text(finding->code));
    json_object_set_new(object, "ruleIndex",
                        json_integer((json_int_t)rule_index(rules, finding->code)));
    json_object_set_new(object, "level", json_string(level(finding->severity)));
    json_object_set_new(object, "message", message(text_get(&words)));
    json_object_set_new(object, "locations",
                        json_pack("[o]", location(diag, &finding->place, path)));
    if (finding->related_count > 0)
        json_object_set_new(object, "relatedLocations", related(diag, finding, path));
    json_object_set_new(object, "partialFingerprints",
                        json_pack("{s:s}", "primaryLocationLineHash", fingerprint));
    text_fini(&words);
    return object;
}

static void write_sarif(struct diag *diag, const char *path, bool color, struct text *out)
{
    (void)color;
    json_t *rules = json_array(), *results = json_array();
    for (size_t i = 0; i < diag_count(diag); i++)
        json_array_append_new(results, result(diag, i, path, rules));
    json_t *run = json_pack("{s:{s:{s:s, s:s, s:o}}, s:s, s:o}", "tool", "driver", "name", "cmtest",
                            "version", CMTEST_VERSION, "rules", rules, "columnKind",
                            "unicodeCodePoints", "results", results);
    diagnostic_write(json_pack("{s:s, s:s, s:[o]}", "$schema",
                               "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                               "runs", run),
                     out);
}

const struct diag_format diag_format_sarif = {
    .name = "sarif",
    .help = "SARIF 2.1.0, for code scanning and editors",
    .machine = true,
    .write = write_sarif,
};
