#include "run_options.h"

#include <stdio.h>
#include "cmtest/report.h"

/* Starts each case, and waits for none. */
static int detach(const struct options *options)
{
    struct batch batch;
    int code = batch_load(options, &batch);
    const char *out = options->out ? options->out : SESSION_OUT;
    for (size_t i = 0; i < batch.case_count && !code; i++) {
        const struct batch_case *one = &batch.cases[i];
        struct plan *plan = load_plan(one->spec, one->index);
        struct remote_setup setup;
        struct platform_run run;
        struct text failed = {0};
        char why[512];
        const char *folder =
            one->folder ? arena_printf(batch.arena, "%s/%s", out, one->folder) : out;
        report_make_folder(folder, &failed);
        remote_setup_init(&setup, options, &one->spec->cases[one->index], folder);
        struct execution_watch watch = {.remote = &setup.ask};
        if (execution_submit(plan, &watch, &run, why, sizeof why)) {
            printf("%s\n", run.id);
        } else {
            fprintf(stderr, "cmtest: %s\n", why);
            code = EXIT_ENVIRONMENT;
        }
        code = fflush(stdout) ? EXIT_ENVIRONMENT : code;
        remote_setup_fini(&setup);
        text_fini(&failed);
        load_drop(one->spec, one->index);
    }
    batch_free(&batch);
    return code;
}

static int run(const struct options *given)
{
    struct options options = *given;
    options.on = "platform";
    if (!options.detach)
        return run_specs(&options);
    int code = remote_ready(&options);
    return code ? code : detach(&options);
}

static const struct option_row option_rows[] = {
    RUN_OPTION_ROWS,
    {"test", 0, OPTION_TEXT, "ID", "of the platform, over platform.test of the spec",
     offsetof(struct options, test)},
    {"detach", 'd', OPTION_FLAG, NULL, "start it, print the id of the run, and do not wait",
     offsetof(struct options, detach)},
    REMOTE_RUN_OPTION_ROWS,
    {0},
};

const struct command command_submit = {
    .name = "submit",
    .arguments = "SPEC...",
    .help = "run specs on a platform, judge them here: run --on platform",
    .details =
        "Starts the platform's test (platform.test of the spec), waits for its end, fetches\n"
        "its metrics and judges them by the thresholds of the spec: that a run is COMPLETED\n"
        "there is no pass. All reports are written as for a run here. Ctrl-C once: the run\n"
        "is stopped there; twice: it is left alone. The key is in CMTEST_API_KEY or a file,\n"
        "never on the command line. `cmtest help platform` tells more.\n",
    .options = option_rows,
    .more = run_more,
    .run = run,
    .words = run_words,
};
