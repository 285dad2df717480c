#include "cmtest/command.h"
#include "load.h"

#include <stdio.h>

static int run(const struct options *options)
{
    struct loaded loaded;
    int code = load(options, &loaded);
    if (!code && !options->quiet)
        printf("%s: valid (%zu endpoints, %u calls, %zu thresholds)\n", options->spec,
               loaded.plan->endpoint_count, loaded.plan->roster.planned_calls,
               loaded.plan->threshold_count);
    load_free(&loaded);
    return code;
}

static const struct option_row option_rows[] = {
    {"quiet", 'q', OPTION_FLAG, NULL, "print only errors", offsetof(struct options, quiet)},
    {"no-color", 0, OPTION_FLAG, NULL, "no colours (also: NO_COLOR)",
     offsetof(struct options, no_color)},
    {0},
};

const struct command command_validate = {
    .name = "validate",
    .arguments = "SPEC",
    .help = "check a spec; all errors at once, nothing is sent",
    .details = "Exit code 0 when it is valid, 3 when it is not.\n",
    .options = option_rows,
    .run = run,
};
