#include "cmtest/command.h"
#include "cmtest/report.h"
#include "session.h"

#include <stdio.h>
#include <string.h>

#define RETRIES_MAX 100

static int run(const struct options *options)
{
    struct batch batch;
    if (options->retries > RETRIES_MAX) {
        fprintf(stderr, "cmtest: --retries is at most %d\n", RETRIES_MAX);
        return EXIT_USAGE;
    }
    int code = batch_load(options, &batch);
    if (!code)
        code = session_run(&batch, options);
    batch_free(&batch);
    return code;
}

static void words(const char *value, struct text *out)
{
    if (strcmp(value, "NAME[=PATH]") == 0)
        for (size_t i = 0; report_formats[i]; i++)
            text_printf(out, "%s\n", report_formats[i]->name);
}

static const struct option_row option_rows[] = {
    {"set", 's', OPTION_LIST, "KEY=VALUE",
     "over the spec, e.g. groups.callers.endpoints=5, vars.x=1", offsetof(struct options, set)},
    {"out", 'o', OPTION_TEXT, "DIR", "where the reports go (" SESSION_OUT ")",
     offsetof(struct options, out)},
    {"format", 'f', OPTION_LIST, "NAME[=PATH]", "a report there, too; - is stdout",
     offsetof(struct options, formats)},
    {"tag", 't', OPTION_LIST, "TAG", "only cases with one of these tags; !TAG: without it",
     offsetof(struct options, tags)},
    {"skip-tag", 0, OPTION_LIST, "TAG", "no cases with this tag",
     offsetof(struct options, skip_tags)},
    {"filter", 0, OPTION_LIST, "PATTERN", "only cases whose name fits a glob, or a /regex/",
     offsetof(struct options, filters)},
    {"shard", 0, OPTION_TEXT, "I/N", "only part I of N of them, which are about equally long",
     offsetof(struct options, shard)},
    {"retries", 0, OPTION_NUMBER, "N", "repeat a case that did not pass; a pass then is flaky",
     offsetof(struct options, retries)},
    {"fail-on-flaky", 0, OPTION_FLAG, NULL, "a flaky case fails",
     offsetof(struct options, fail_on_flaky)},
    {"fail-fast", 'x', OPTION_FLAG, NULL, "no further case after one that did not pass",
     offsetof(struct options, fail_fast)},
    {"timeout", 0, OPTION_DURATION, "TIME",
     "of all together; then hang up, report, and exit with 4",
     offsetof(struct options, timeout_ns)},
    {"seed", 0, OPTION_NUMBER, "N", "repeat the random choices of an earlier run",
     offsetof(struct options, seed)},
    {"workers", 0, OPTION_NUMBER, "N", "processes that make the calls; 0: as many as they need",
     offsetof(struct options, workers)},
    {"events", 0, OPTION_TEXT, "FILE", "what happens as JSON lines; - is stdout, fd:3 descriptor 3",
     offsetof(struct options, events)},
    {"quiet", 'q', OPTION_FLAG, NULL, "no progress, only the verdict",
     offsetof(struct options, quiet)},
    {"verbose", 'v', OPTION_COUNT, NULL, "every SIP message as a line on stderr",
     offsetof(struct options, verbose)},
    {"allow-exec", 0, OPTION_CONSENT, NULL, "steps may run commands on this machine (do: exec)",
     offsetof(struct options, allow_exec)},
    {"strict", 0, OPTION_FLAG, NULL, "warnings about the spec are errors",
     offsetof(struct options, strict)},
    {"color", 0, OPTION_COLOR, "WHEN", "auto, always or never", offsetof(struct options, color)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

static void more(FILE *to)
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
    .more = more,
    .run = run,
    .words = words,
};
