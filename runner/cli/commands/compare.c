#include "../sides.h"
#include "../word.h"
#include "cmtest/arena.h"
#include "cmtest/command.h"
#include "cmtest/comparison_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS_MAX 256

static bool parse_number(const char *option, const char *text, double low, double high, double *to)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value < low || value > high) {
        fprintf(stderr, "cmtest: --%s wants a number from %g to %g, not \"%s\"\n", option, low,
                high, text);
        return false;
    }
    *to = value;
    return true;
}

static bool parse_margin(const char *text, struct comparison_margin *margin)
{
    const char *equals = strchr(text, '=');
    if (!equals) {
        fprintf(stderr,
                "cmtest: --margin wants METRIC=VALUE, as receive.packet_loss=0.5, not "
                "\"%s\"\n",
                text);
        return false;
    }
    if (!metric_key_find(text, (size_t)(equals - text), &margin->key)) {
        fprintf(stderr,
                "cmtest: --margin: there is no metric \"%.*s\"; `cmtest list metrics` has them\n",
                (int)(equals - text), text);
        return false;
    }
    return parse_number("margin", equals + 1, 0, 1e12, &margin->value);
}

static bool parse(const struct options *options, struct comparison_options *to,
                  struct comparison_margin *margins)
{
    *to = (struct comparison_options){.by_group = options->by_group,
                                      .include_own_timing = options->include_own_timing,
                                      .margins = margins,
                                      .margin_count = options->margins.count};
    for (size_t i = 0; i < options->margins.count; i++)
        if (!parse_margin(options->margins.items[i], &margins[i]))
            return false;
    return !options->alpha || parse_number("alpha", options->alpha, 1e-9, 0.5, &to->alpha);
}

static int print(const struct options *options, const struct comparison_format *format,
                 const struct comparison_report *report)
{
    struct comparison_page page = {.width = terminal_width(STDOUT_FILENO),
                                   .color = terminal_color(STDOUT_FILENO, options),
                                   .all = options->all};
    struct text out = {0};
    format->write(report, &page, &out);
    fputs(text_get(&out), stdout);
    text_fini(&out);
    return fflush(stdout) ? EXIT_ENVIRONMENT : comparison_exit_code(report);
}

static int compare(const struct options *options, const struct comparison_format *format,
                   const struct comparison_options *how)
{
    size_t named = options->base.count, count = named + options->argument_count;
    size_t base_count = named ? named : 1, read = 0;
    struct side_run *sides = mem_array(count, sizeof *sides);
    const struct comparison_run **runs = mem_array(count, sizeof *runs);
    int code = EXIT_ENVIRONMENT;
    for (; read < count; read++) {
        const char *path =
            read < named ? options->base.items[read] : options->arguments[read - named];
        if (!side_read(path, &sides[read]))
            break;
        runs[read] = sides[read].run;
    }
    if (read == count) {
        struct comparison_report *report =
            comparison_new(runs, base_count, runs + base_count, count - base_count, how);
        code = print(options, format, report);
        comparison_free(report);
    }
    for (size_t i = 0; i < read; i++)
        side_free(&sides[i]);
    free(sides);
    free(runs);
    return code;
}

static int run(const struct options *options)
{
    const char *names[8] = {0};
    size_t count = 0;
    for (; count < 8 && comparison_formats[count]; count++)
        names[count] = comparison_formats[count]->name;
    const char *name = options->json ? "json" : options->format ? options->format : names[0];
    const struct comparison_format *format = comparison_format_find(name);
    if (!format)
        return word_unknown("format", name, names, count);
    struct comparison_options how;
    struct comparison_margin margins[OPTION_LIST_MAX];
    if (!parse(options, &how, margins))
        return EXIT_USAGE;
    size_t runs = options->base.count + options->argument_count;
    if (runs < 2 || runs > RUNS_MAX) {
        fprintf(stderr,
                runs < 2 ? "cmtest: compare needs a run to compare with: cmtest compare BASE NEW\n"
                         : "cmtest: compare takes at most 256 runs\n");
        return EXIT_USAGE;
    }
    return compare(options, format, &how);
}

static void words(const char *value, struct text *out)
{
    for (size_t i = 0; strcmp(value, "FORMAT") == 0 && comparison_formats[i]; i++)
        text_printf(out, "%s\n", comparison_formats[i]->name);
}

static const struct option_row option_rows[] = {
    {"base", 0, OPTION_LIST, "DIR", "a run of BASE, several times; all arguments then are NEW",
     offsetof(struct options, base)},
    {"format", 'f', OPTION_TEXT, "FORMAT", "text, markdown or json; text when not given",
     offsetof(struct options, format)},
    {"json", 0, OPTION_FLAG, NULL, "for programs (cmtest-compare/1)",
     offsetof(struct options, json)},
    {"all", 'a', OPTION_FLAG, NULL, "those too that did not move", offsetof(struct options, all)},
    {"by-group", 0, OPTION_FLAG, NULL, "each group by itself", offsetof(struct options, by_group)},
    {"margin", 0, OPTION_LIST, "METRIC=VALUE",
     "a difference that means nothing, in the metric's unit", offsetof(struct options, margins)},
    {"alpha", 0, OPTION_TEXT, "P", "chance of a false worse over all metrics; 0.05",
     offsetof(struct options, alpha)},
    {"include-own-timing", 0, OPTION_FLAG, NULL,
     "what this machine's lateness bends may say worse, too",
     offsetof(struct options, include_own_timing)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours", offsetof(struct options, no_color)},
    {0},
};

const struct command command_compare = {
    .name = "compare",
    .purpose = PURPOSE_TEST,
    .arguments = "BASE NEW...",
    .help = "say whether runs are worse than others, metric by metric",
    .details =
        "BASE and NEW are output folders of `cmtest run`. For each metric that both have it says\n"
        "worse, better, same, or that it cannot be told, by tests over calls; with three runs a\n"
        "side or more, over runs:\n"
        "  cmtest compare main/ branch/\n"
        "  cmtest compare --base main1/ --base main2/ --base main3/ new1/ new2/ new3/\n"
        "Exit code 1: something is worse; 5: nothing can be told.\n",
    .options = option_rows,
    .words = words,
    .run = run,
};
