#include "cmtest/command.h"
#include "cmtest/template.h"
#include "word.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TEMPLATES_MAX 32
#define DEFAULT_FILE "cmtest.yaml"

static const struct spec_template *find(const char *name)
{
    for (size_t i = 0; templates[i]; i++)
        if (strcmp(templates[i]->name, name) == 0)
            return templates[i];
    return NULL;
}

static int unknown(const char *name)
{
    const char *names[TEMPLATES_MAX];
    size_t count = 0;
    for (; count < TEMPLATES_MAX && templates[count]; count++)
        names[count] = templates[count]->name;
    return word_unknown("template", name, names, count);
}

/* What is there already was written by somebody. */
static int write_new(const char *path, const char *text)
{
    FILE *file = fopen(path, "wx");
    if (!file && errno == EEXIST) {
        fprintf(stderr,
                "cmtest: %s is there already, and is left as it is; --out FILE names "
                "another one\n",
                path);
        return EXIT_USAGE;
    }
    bool written = file && fputs(text, file) >= 0;
    if (file && fclose(file) != 0)
        written = false;
    if (!written) {
        fprintf(stderr, "cmtest: %s cannot be written: %s\n", path, strerror(errno));
        return EXIT_ENVIRONMENT;
    }
    fprintf(stderr, "%s is written. Next: read it, change it, and\n  cmtest validate %s\n", path,
            path);
    return EXIT_PASS;
}

static int run(const struct options *options)
{
    const struct spec_template *template = options->spec ? find(options->spec) : templates[0];
    const char *path = options->out ? options->out : DEFAULT_FILE;
    if (!template)
        return unknown(options->spec);
    if (strcmp(path, "-") != 0)
        return write_new(path, template->text);
    fputs(template->text, stdout);
    return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
}

static void more(FILE *to)
{
    fputs("\nTemplates:\n", to);
    for (size_t i = 0; templates[i]; i++)
        fprintf(to, "  %-22s %s\n", templates[i]->name, templates[i]->help);
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "[TEMPLATE]") == 0)
        for (size_t i = 0; templates[i]; i++)
            text_printf(out, "%s\n", templates[i]->name);
}

static const struct option_row option_rows[] = {
    {"out", 'o', OPTION_TEXT, "FILE", "where it goes (" DEFAULT_FILE "); - is stdout",
     offsetof(struct options, out)},
    {0},
};

const struct command command_init = {
    .name = "init",
    .purpose = PURPOSE_WRITE,
    .arguments = "[TEMPLATE]",
    .help = "write a commented spec to begin with",
    .details = "Writes " DEFAULT_FILE " from a template; a file that is there is never changed.\n",
    .options = option_rows,
    .more = more,
    .run = run,
    .words = words,
};
