#include "cmtest/command.h"
#include "cmtest/report.h"
#include "cmtest/share.h"
#include "run_options.h"

#include <stdio.h>
#include <string.h>

#define RETRIES_MAX 100

int run_specs(const struct options *options)
{
    struct batch batch;
    if (options->retries > RETRIES_MAX) {
        fprintf(stderr, "cmtest: --retries is at most %d\n", RETRIES_MAX);
        return EXIT_USAGE;
    }
    if (options->workers > SHARE_WORKERS_MAX) {
        fprintf(stderr, "cmtest: --workers is at most %d\n", SHARE_WORKERS_MAX);
        return EXIT_USAGE;
    }
    int code = remote_ready(options);
    if (code)
        return code;
    code = batch_load(options, &batch);
    if (!code)
        code = session_run(&batch, options);
    batch_free(&batch);
    return code;
}

void run_words(const char *value, struct text *out)
{
    if (strcmp(value, "NAME[=PATH]") == 0)
        for (size_t i = 0; report_formats[i]; i++)
            text_printf(out, "%s\n", report_formats[i]->name);
    else if (strcmp(value, "PLACE") == 0)
        for (size_t i = 0; execution_backends[i]; i++)
            text_printf(out, "%s\n", execution_backends[i]->name);
}

static const struct option_row option_rows[] = {
    RUN_OPTION_ROWS,
    {"workers", 0, OPTION_NUMBER, "N", "processes that make the calls; 0: as many as they need",
     offsetof(struct options, workers)},
    {"precise", 0, OPTION_FLAG, NULL, "a wake of a CPU for each packet: for 1,000 calls at most",
     offsetof(struct options, precise)},
    {"on", 0, OPTION_TEXT, "PLACE", "where it runs: local or platform (local)",
     offsetof(struct options, on)},
    {"test", 0, OPTION_TEXT, "ID", "of the platform, over platform.test of the spec",
     offsetof(struct options, test)},
    REMOTE_RUN_OPTION_ROWS,
    {0},
};

void run_more(FILE *to)
{
    fputs("\nFormats:\n", to);
    for (size_t i = 0; report_formats[i]; i++)
        fprintf(to, "  %-22s %s\n", report_formats[i]->name, report_formats[i]->help);
}

const struct command command_run = {
    .name = "run",
    .arguments = "SPEC...",
    .help = "place the calls of specs, judge them, write the reports",
    .details =
        "Writes junit.xml and result.json to the output folder and the verdict to stdout;\n"
        "of calls that did not end well the SIP ladder, the messages and a capture to its\n"
        "folder evidence. Progress goes to stderr.\n"
        "Ctrl-C once: hang up, de-register, write all reports.\n"
        "Of a folder, all its *.yaml run. All specs are checked before the first packet. The\n"
        "specs, and the cases of a matrix, run one after another, each with a folder of its\n"
        "own in the output folder; the exit code is that of the worst.\n",
    .options = option_rows,
    .more = run_more,
    .run = run_specs,
    .words = run_words,
};
