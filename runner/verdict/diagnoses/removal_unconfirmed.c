#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_UNREGISTER;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s did not confirm that the registration was removed: it stays until it runs out, "
              "and calls may still go there.",
              paragraph->server);
    say_next(paragraph,
             "check how %s treats REGISTER with Expires: 0; all of them leave at about the same "
             "time, so it may be its rate limit.",
             paragraph->server);
}

const struct diagnosis diagnosis_removal_unconfirmed = {
    .name = "removal_unconfirmed",
    .title = "removal not confirmed",
    .help = "the removal of the registration at the end was not confirmed",
    .matches = matches,
    .write = write,
};
