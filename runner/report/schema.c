#include "cmtest/schema.h"

#include <string.h>

extern const struct schema schema_spec;
/* From schema/<name>.schema.json, by ci/cmake/CmtestEmbed.cmake. */
extern const char schema_result_text[], schema_summary_text[], schema_events_text[];
extern const char schema_compare_text[];

static void write_result(struct text *out)
{
    text_add(out, schema_result_text);
}

static const struct schema schema_result = {
    .name = "result",
    .help = "of result.json, for programs that read it",
    .write = write_result,
};

static void write_summary(struct text *out)
{
    text_add(out, schema_summary_text);
}

static const struct schema schema_summary = {
    .name = "summary",
    .help = "of summary.json, which tells of all runs of an invocation",
    .write = write_summary,
};

static void write_events(struct text *out)
{
    text_add(out, schema_events_text);
}

static const struct schema schema_events = {
    .name = "events",
    .help = "of each line of --events",
    .write = write_events,
};

static void write_compare(struct text *out)
{
    text_add(out, schema_compare_text);
}

static const struct schema schema_compare = {
    .name = "compare",
    .help = "of what `cmtest compare --format json` prints",
    .write = write_compare,
};

const struct schema *const schemas[] = {&schema_spec,   &schema_result,  &schema_summary,
                                        &schema_events, &schema_compare, NULL};

const struct schema *schema_find(const char *name)
{
    for (size_t i = 0; schemas[i]; i++)
        if (strcmp(schemas[i]->name, name) == 0)
            return schemas[i];
    return NULL;
}
