/* GitLab's code quality report: a list, empty when all is well. */
#include "diagnostic.h"
#include "json_endpoint.h"

static json_t *issue(struct diag *diag, size_t index, const char *path)
{
    const struct finding *finding = diag_get(diag, index);
    char fingerprint[DIAG_FINGERPRINT_SIZE];
    struct text words = {0};
    diag_fingerprint(diag, index, fingerprint);
    diagnostic_words(finding, &words);
    json_t *object = json_object();
    json_object_set_new(object, "description", json_text(text_get(&words)));
    json_object_set_new(object, "check_name", json_text(finding->code));
    json_object_set_new(object, "fingerprint", json_string(fingerprint));
    json_object_set_new(object, "severity",
                        json_string(finding->severity == DIAG_ERROR ? "major" : "minor"));
    json_object_set_new(object, "location",
                        json_pack("{s:o, s:{s:i}}", "path",
                                  json_text(diagnostic_file(&finding->place, path)), "lines",
                                  "begin", diagnostic_line(&finding->place)));
    text_fini(&words);
    return object;
}

static void write_gitlab(struct diag *diag, const char *path, bool color, struct text *out)
{
    (void)color;
    json_t *issues = json_array();
    for (size_t i = 0; i < diag_count(diag); i++)
        json_array_append_new(issues, issue(diag, i, path));
    diagnostic_write(issues, out);
}

const struct diag_format diag_format_gitlab = {
    .name = "gitlab",
    .help = "code quality report, for GitLab's merge requests",
    .machine = true,
    .write = write_gitlab,
};
