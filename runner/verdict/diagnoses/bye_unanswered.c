#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_BYE;
}

static void write(struct paragraph *paragraph)
{
    unsigned status = paragraph->cluster->status;
    say_cause(paragraph, "The call itself came about; its end was not confirmed, so the other side "
                         "may still hold it.");
    if (status)
        say_next(paragraph,
                 "look for the BYE in the log of who answered it with %u; behind a proxy, compare "
                 "Record-Route and Contact with the route that it took.",
                 status);
    else
        say_next(paragraph, "check that the server is still up, and the route of requests within a "
                            "call (Record-Route, Contact): the BYE takes it.");
}

const struct diagnosis diagnosis_bye_unanswered = {
    .name = "bye_unanswered",
    .title = "BYE not confirmed",
    .help = "our BYE found no good answer",
    .matches = matches,
    .write = write,
};
