/* cmtest-diagnostics/1: everything that is known of the findings. Columns count code points from
 * 1; endColumn is the one behind. A finding about a file as a whole has no range. */
#include "diagnostic.h"
#include "json_endpoint.h"

static json_t *range(const struct place *place)
{
    if (!diagnostic_has_line(place))
        return json_null();
    return json_pack("{s:i, s:i, s:i, s:i}", "line", diagnostic_line(place), "column",
                     diagnostic_column(place), "endLine", diagnostic_line(place), "endColumn",
                     diagnostic_end_column(place));
}

static json_t *snippet(const struct diag *diag, const struct place *place)
{
    const char *line;
    size_t length;
    if (!diag_line(diag, place, &line, &length))
        return json_null();
    struct text copy = {0};
    text_add_bytes(&copy, line, length);
    json_t *value = json_text(text_get(&copy));
    text_fini(&copy);
    return value;
}

static json_t *related(const struct diag *diag, const struct finding *finding, const char *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < finding->related_count; i++) {
        const struct related *each = &finding->related[i];
        json_t *object = json_object();
        json_object_set_new(object, "message", json_text(each->message));
        json_object_set_new(object, "path", json_text(diagnostic_file(&each->place, path)));
        json_object_set_new(object, "range", range(&each->place));
        json_object_set_new(object, "snippet", snippet(diag, &each->place));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *one(struct diag *diag, size_t index, const char *path)
{
    const struct finding *finding = diag_get(diag, index);
    char fingerprint[DIAG_FINGERPRINT_SIZE];
    diag_fingerprint(diag, index, fingerprint);
    json_t *object = json_object();
    bool error = finding->severity == DIAG_ERROR;
    json_object_set_new(object, "code", json_text(finding->code));
    json_object_set_new(object, "severity", json_string(error ? "error" : "warning"));
    json_object_set_new(object, "message", json_text(finding->message));
    json_object_set_new(object, "hint", json_text(finding->hint));
    json_object_set_new(object, "path", json_text(diagnostic_file(&finding->place, path)));
    json_object_set_new(object, "range", range(&finding->place));
    json_object_set_new(object, "snippet", snippet(diag, &finding->place));
    json_object_set_new(object, "related", related(diag, finding, path));
    json_object_set_new(object, "fingerprint", json_string(fingerprint));
    return object;
}

static void write_json(struct diag *diag, const char *path, bool color, struct text *out)
{
    (void)color;
    json_t *findings = json_array(), *document = json_object();
    for (size_t i = 0; i < diag_count(diag); i++)
        json_array_append_new(findings, one(diag, i, path));
    json_object_set_new(document, "schema", json_string("cmtest-diagnostics/1"));
    json_object_set_new(document, "version", json_string(CMTEST_VERSION));
    json_object_set_new(document, "path", json_text(path));
    json_object_set_new(document, "valid", json_boolean(diag_errors(diag) == 0));
    json_object_set_new(document, "errors", json_count(diag_errors(diag)));
    json_object_set_new(document, "warnings", json_count(diag_warnings(diag)));
    json_object_set_new(document, "omitted", json_count(diag_dropped(diag)));
    json_object_set_new(document, "findings", findings);
    diagnostic_write(document, out);
}

const struct diag_format diag_format_json = {
    .name = "json",
    .help = "everything that is known, for programs (cmtest-diagnostics/1)",
    .machine = true,
    .write = write_json,
};
