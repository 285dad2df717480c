#include "cmtest/schema.h"

#include <string.h>

extern const struct schema schema_spec;
/* From schema/result.schema.json, by ci/cmake/CmtestEmbed.cmake. */
extern const char schema_result_text[];

static void write_result(struct text *out)
{
    text_add(out, schema_result_text);
}

static const struct schema schema_result = {
    .name = "result",
    .help = "of result.json, for programs that read it",
    .write = write_result,
};

const struct schema *const schemas[] = {&schema_spec, &schema_result, NULL};

const struct schema *schema_find(const char *name)
{
    for (size_t i = 0; schemas[i]; i++)
        if (strcmp(schemas[i]->name, name) == 0)
            return schemas[i];
    return NULL;
}
