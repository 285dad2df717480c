#include "remote.h"

#include <stdio.h>
#include <string.h>

static int run(const struct options *options)
{
    struct remote_client client;
    struct remote_record record;
    struct platform_run found;
    struct platform_error error;
    struct options own = *options;
    if (!remote_record_read(&record, options->out ? options->out : "cmtest-out", options->arena))
        return EXIT_ENVIRONMENT;
    if (record.run && strcmp(record.run, own.spec) != 0)
        record = (struct remote_record){0};
    own.project = own.project ? own.project : record.project;
    own.api_url = own.api_url ? own.api_url : record.url;
    if (!own.project) {
        fputs("cmtest: nothing says which project the run belongs to: --project ID\n", stderr);
        return EXIT_USAGE;
    }
    if (!remote_client_open(&client, &own)) {
        remote_client_free(&client);
        return EXIT_ENVIRONMENT;
    }
    int code = EXIT_PASS;
    if (platform_get(client.client, own.project, own.spec, &found, &error))
        printf("%s%s%s\n", found.word[0] ? found.word : "unknown", found.reason[0] ? ": " : "",
               found.reason);
    else
        code = remote_failed(&error);
    remote_client_free(&client);
    return fflush(stdout) ? EXIT_ENVIRONMENT : code;
}

static const struct option_row option_rows[] = {
    REMOTE_OPTION_ROWS,
    {"out", 'o', OPTION_TEXT, "DIR", "the folder that submit --detach was told (cmtest-out)",
     offsetof(struct options, out)},
    {0},
};

const struct command command_status = {
    .name = "status",
    .arguments = "ID",
    .help = "what a run on a platform is doing",
    .details = "Prints the status as the platform has it: PENDING, QUEUED, RUNNING, STOPPING,\n"
               "COMPLETED, FAILED, CANNOT_RUN_FOR_NOW, or another word. The exit code tells\n"
               "whether it could be asked, not how the run did: that is `cmtest fetch ID`.\n",
    .options = option_rows,
    .run = run,
};
