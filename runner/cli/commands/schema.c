#include "cmtest/command.h"
#include "cmtest/schema.h"
#include "word.h"

#include <stdio.h>

static int unknown(const char *word)
{
    const char *names[8];
    size_t count = 0;
    while (count < sizeof names / sizeof *names && schemas[count]) {
        names[count] = schemas[count]->name;
        count++;
    }
    return word_unknown("schema", word, names, count);
}

static int run(const struct options *options)
{
    const struct schema *schema = options->spec ? schema_find(options->spec) : schemas[0];
    if (!schema)
        return unknown(options->spec);
    struct text out = {0};
    schema->write(&out);
    fputs(text_get(&out), stdout);
    text_fini(&out);
    return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
}

const struct command command_schema = {
    .name = "schema",
    .purpose = PURPOSE_WRITE,
    .arguments = "[spec|result|summary|events|compare]",
    .help = "print the JSON Schema of a spec, or of what cmtest writes",
    .details = "An editor with yaml-language-server completes and explains with it:\n"
               "  cmtest schema >cmtest.schema.json\n"
               "and in the first line of a spec\n"
               "  # yaml-language-server: $schema=cmtest.schema.json\n",
    .run = run,
};
