#include "cmtest/command.h"
#include "cmtest/diag_format.h"
#include "load.h"
#include "paths.h"
#include "remote.h"
#include "word.h"

#include <stdio.h>
#include <string.h>

#define FORMATS_MAX 16

static int unknown_format(const char *name)
{
    const char *names[FORMATS_MAX];
    size_t count = 0;
    for (; count < FORMATS_MAX && diag_formats[count]; count++)
        names[count] = diag_formats[count]->name;
    return word_unknown("format", name, names, count);
}

static void print(const struct diag_format *format, const struct loaded *loaded)
{
    struct text out = {0};
    format->write(loaded->diag, loaded->path, false, &out);
    fputs(text_get(&out), stdout);
    text_fini(&out);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void tell(const struct loaded *loaded)
{
    size_t endpoints = 0, calls = 0, thresholds = 0;
    for (size_t i = 0; i < loaded->case_count; i++) {
        endpoints += loaded->cases[i].endpoints;
        calls += loaded->cases[i].calls;
        thresholds += loaded->cases[i].thresholds;
    }
    printf("%s: valid (", loaded->path);
    if (loaded->case_count > 1)
        printf("%zu cases with together ", loaded->case_count);
    printf("%zu endpoint%s, %zu call%s, %zu threshold%s)\n", endpoints, plural(endpoints), calls,
           plural(calls), thresholds, plural(thresholds));
}

static int check(const struct diag_format *format, const char *path, const struct options *options)
{
    struct loaded loaded;
    int code = load(options, path, false, &loaded);
    if (format->machine)
        print(format, &loaded);
    else if (!code && !options->quiet)
        tell(&loaded);
    load_free(&loaded);
    return code;
}

static int run(const struct options *options)
{
    const struct diag_format *format = diag_format_find(options->format ? options->format : "text");
    struct paths paths = {0};
    int code = 0;
    if (!format)
        return unknown_format(options->format);
    if (options->on && !execution_backend_find(options->on))
        return remote_ready(options);
    if (!paths_find(options->arguments, options->argument_count, options->arena, &paths))
        return EXIT_SPEC;
    if (format->machine && paths.count > 1) {
        fprintf(stderr, "cmtest: --format %s is about one spec, not %zu\n", format->name,
                paths.count);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < paths.count; i++)
        code = check(format, paths.items[i], options) ? EXIT_SPEC : code;
    return fflush(stdout) ? EXIT_ENVIRONMENT : code;
}

static void more(FILE *to)
{
    fputs("\nFormats:\n", to);
    for (size_t i = 0; diag_formats[i]; i++)
        fprintf(to, "  %-22s %s\n", diag_formats[i]->name, diag_formats[i]->help);
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "FORMAT") == 0)
        for (size_t i = 0; diag_formats[i]; i++)
            text_printf(out, "%s\n", diag_formats[i]->name);
    else if (strcmp(value, "PLACE") == 0)
        for (size_t i = 0; execution_backends[i]; i++)
            text_printf(out, "%s\n", execution_backends[i]->name);
}

static const struct option_row option_rows[] = {
    {"set", 's', OPTION_LIST, "KEY=VALUE",
     "over the spec, e.g. groups.callers.endpoints=5, vars.x=1", offsetof(struct options, set)},
    {"format", 'f', OPTION_TEXT, "FORMAT", "write the findings to stdout in this format, too",
     offsetof(struct options, format)},
    {"on", 0, OPTION_TEXT, "PLACE", "what it is to run on: local or platform (local)",
     offsetof(struct options, on)},
    {"project", 'p', OPTION_TEXT, "ID", "of the platform, over platform.project of the spec",
     offsetof(struct options, project)},
    {"strict", 0, OPTION_FLAG, NULL, "warnings are errors", offsetof(struct options, strict)},
    {"quiet", 'q', OPTION_FLAG, NULL, "print only errors", offsetof(struct options, quiet)},
    {"color", 0, OPTION_COLOR, "WHEN", "auto, always or never", offsetof(struct options, color)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

const struct command command_validate = {
    .name = "validate",
    .arguments = "SPEC...",
    .help = "check specs; all errors at once, nothing is sent",
    .details =
        "Exit code 0 when it is valid, 3 when it is not. Findings go to stderr, for people;\n"
        "a format for programs goes to stdout.\n",
    .options = option_rows,
    .more = more,
    .run = run,
    .words = words,
};
