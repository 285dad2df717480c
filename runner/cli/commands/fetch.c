#include "run_options.h"

#include <stdio.h>
#include <string.h>

/* The case that was submitted, of those of the spec. false after a sentence. */
static bool choose(struct batch *batch, const struct options *options,
                   const struct remote_record *record)
{
    size_t found = 0;
    while (record->case_name && found < batch->case_count &&
           strcmp(batch->cases[found].case_name ? batch->cases[found].case_name : "",
                  record->case_name) != 0)
        found++;
    if (found == batch->case_count || (!record->case_name && batch->case_count > 1)) {
        fprintf(stderr,
                "cmtest: the spec has %zu cases, and nothing says which one the run is of: "
                "--filter NAME\n",
                batch->case_count);
        return false;
    }
    batch->cases[0] = batch->cases[found];
    batch->cases[0].folder = NULL; /* the folder is that of the case itself */
    batch->case_count = 1;
    struct loaded_case *one = &batch->cases[0].spec->cases[batch->cases[0].index];
    if (record->seed && record->seed != one->seed) {
        load_drop(batch->cases[0].spec, batch->cases[0].index);
        one->seed = record->seed;
    }
    struct remote_setup setup;
    remote_setup_init(&setup, options, one, NULL);
    bool same = !record->fingerprint || strcmp(record->fingerprint, setup.fingerprint) == 0;
    remote_setup_fini(&setup);
    if (!same)
        fprintf(stderr,
                "cmtest: %s, or what it takes in, is not what was submitted any more: the "
                "run would be judged by other words. Give it back (--set included), or "
                "remove %s and judge by what it is now\n",
                one->spec->path, REMOTE_RECORD);
    return same;
}

static int follow(const struct options *given, const struct remote_record *record)
{
    struct options resumed = *given, *options = &resumed;
    struct batch batch;
    char *spec = (char *)(options->remote_spec ? options->remote_spec : record->spec);
    options->resume = options->spec;
    options->arguments = &spec;
    options->argument_count = 1;
    options->project = options->project ? options->project : record->project;
    options->test = record->test;
    options->api_url = options->api_url ? options->api_url : record->url;
    int code = remote_ready(options);
    if (code)
        return code;
    code = batch_load(options, &batch);
    if (!code && !choose(&batch, options, record))
        code = EXIT_SPEC;
    if (!code)
        code = session_run(&batch, options);
    batch_free(&batch);
    return code;
}

static int run(const struct options *given)
{
    struct options options = *given;
    struct remote_record record;
    const char *out = options.out ? options.out : SESSION_OUT;
    options.on = "platform";
    if (!remote_record_read(&record, out, options.arena))
        return EXIT_ENVIRONMENT;
    if (record.run && strcmp(record.run, options.spec) != 0)
        record = (struct remote_record){0};
    if (!options.remote_spec && !record.spec) {
        fprintf(stderr,
                "cmtest: %s tells nothing of the run %.100s: say by --spec FILE which spec "
                "it is judged by, or by --out which folder it was submitted with\n",
                out, options.spec);
        return EXIT_USAGE;
    }
    return follow(&options, &record);
}

static const struct option_row option_rows[] = {
    {"spec", 0, OPTION_TEXT, "FILE", "that it is judged by; else that which was submitted",
     offsetof(struct options, remote_spec)},
    {"set", 's', OPTION_LIST, "KEY=VALUE", "over the spec, as it was submitted",
     offsetof(struct options, set)},
    {"filter", 0, OPTION_LIST, "PATTERN", "the case of the spec that it is",
     offsetof(struct options, filters)},
    {"out", 'o', OPTION_TEXT, "DIR", "the folder that submit was told, and where the reports go",
     offsetof(struct options, out)},
    {"format", 'f', OPTION_LIST, "NAME[=PATH]", "a report there, too; - is stdout",
     offsetof(struct options, formats)},
    {"timeout", 0, OPTION_DURATION, "TIME", "to wait for its end; then stop it, and exit with 4",
     offsetof(struct options, timeout_ns)},
    {"quiet", 'q', OPTION_FLAG, NULL, "only the verdict", offsetof(struct options, quiet)},
    {"color", 0, OPTION_COLOR, "WHEN", "auto, always or never", offsetof(struct options, color)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    REMOTE_RUN_OPTION_ROWS,
    {0},
};

const struct command command_fetch = {
    .name = "fetch",
    .arguments = "ID",
    .help = "wait for a run on a platform, judge it, write the reports",
    .details = "Of a run that `cmtest submit` started: with --detach, or one that it lost. The\n"
               "spec is the one that was submitted, from the folder of --out. Exit codes and\n"
               "reports are those of submit.\n",
    .options = option_rows,
    .more = run_more,
    .run = run,
    .words = run_words,
};
