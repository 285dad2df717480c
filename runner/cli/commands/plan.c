#include "cmtest/command.h"
#include "cmtest/engine.h"
#include "cmtest/health.h"
#include "cmtest/plan_report.h"
#include "cmtest/share.h"
#include "load.h"
#include "word.h"

#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#define FORMATS_MAX 16
/* Long enough to be steady within a tenth. */
#define PAIR_NS (INT64_C(20) * 1000 * 1000)

static bool has_later(struct diag *diag)
{
    bool later = diag_dropped(diag) > 0;
    for (size_t i = 0; i < diag_count(diag) && !later; i++)
        later = strcmp(diag_get(diag, i)->code, "not-yet") == 0;
    return later;
}

static bool print(struct loaded *loaded, const struct plan_format *format,
                  const struct options *options)
{
    struct machine machine;
    struct plan_page page = {
        .width = terminal_width(STDOUT_FILENO),
        .color = terminal_color(STDOUT_FILENO, options),
        .symbols = terminal_symbols(),
        .all = options->all,
    };
    bool later = has_later(loaded->diag);
    machine_read(&machine);
    int64_t pair = health_pair_ns(PAIR_NS);
    machine.pair_ns = pair > 0 ? pair : 0;
    for (size_t i = 0; i < loaded->case_count; i++) {
        struct plan *plan = load_plan(loaded, i);
        struct arena *arena = arena_new();
        struct text out = {0};
        plan->workers = (uint32_t)options->workers;
        struct plan_case each = {
            .index = i,
            .count = loaded->case_count,
            .later = later,
            .spec = loaded->cases[i].spec,
            .plan = plan,
            .estimate = estimate_new(plan, &machine, arena),
        };
        format->write(&each, &page, &out);
        fwrite(text_get(&out), 1, out.length, stdout);
        text_fini(&out);
        arena_free(arena);
        load_drop(loaded, i);
    }
    return fflush(stdout) == 0 && !ferror(stdout);
}

static int unknown_format(const char *name)
{
    const char *names[FORMATS_MAX];
    size_t count = 0;
    for (; count < FORMATS_MAX && plan_formats[count]; count++)
        names[count] = plan_formats[count]->name;
    return word_unknown("format", name, names, count);
}

static int run(const struct options *options)
{
    const struct plan_format *format =
        options->format ? plan_format_find(options->format) : plan_formats[0];
    struct loaded loaded;
    if (!format)
        return unknown_format(options->format);
    if (options->workers > SHARE_WORKERS_MAX) {
        fprintf(stderr, "cmtest: --workers is at most %d\n", SHARE_WORKERS_MAX);
        return EXIT_USAGE;
    }
    int code = load(options, options->spec, false, &loaded);
    if (!code && !print(&loaded, format, options))
        code = EXIT_ENVIRONMENT;
    load_free(&loaded);
    return code;
}

static void more(FILE *to)
{
    fputs("\nFormats:\n", to);
    for (size_t i = 0; plan_formats[i]; i++)
        fprintf(to, "  %-22s %s\n", plan_formats[i]->name, plan_formats[i]->help);
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "FORMAT") == 0)
        for (size_t i = 0; plan_formats[i]; i++)
            text_printf(out, "%s\n", plan_formats[i]->name);
}

static const struct option_row option_rows[] = {
    {"set", 's', OPTION_LIST, "KEY=VALUE",
     "over the spec, e.g. groups.callers.endpoints=5, vars.x=1", offsetof(struct options, set)},
    {"format", 'f', OPTION_TEXT, "FORMAT", "how it is written; text when not given",
     offsetof(struct options, format)},
    {"all", 'a', OPTION_FLAG, NULL, "every endpoint, not only the first 20",
     offsetof(struct options, all)},
    {"workers", 0, OPTION_NUMBER, "N",
     "processes that would make the calls; 0: as many as they need",
     offsetof(struct options, workers)},
    {"strict", 0, OPTION_FLAG, NULL, "warnings about the spec are errors",
     offsetof(struct options, strict)},
    {"color", 0, OPTION_COLOR, "WHEN", "auto, always or never", offsetof(struct options, color)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

const struct command command_plan = {
    .name = "plan",
    .arguments = "SPEC",
    .help = "what would happen, and whether this machine can carry it",
    .details = "Phases, endpoints, the SDP that is offered, traffic at its peak, and what this\n"
               "machine has for it. Exit code 0 even when it does not fit: `cmtest run` refuses\n"
               "that, as far as it is certain, with 4.\n",
    .options = option_rows,
    .more = more,
    .run = run,
    .words = words,
};
