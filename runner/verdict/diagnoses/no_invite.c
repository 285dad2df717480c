#include "../paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_NO_INVITE;
}

static void write(struct paragraph *paragraph)
{
    if (paragraph->peer[0])
        say_cause(paragraph,
                  "%s did call, so the INVITE was lost between both: a route that leads elsewhere, "
                  "or a firewall that lets nothing in.",
                  paragraph->peer);
    else
        say_cause(paragraph, "Whoever should have called is outside of this run.");
    say_next(paragraph,
             "no INVITE came to group %s: check the route from %s to its contacts, and that they "
             "wait long enough for the callers' buildup.",
             paragraph->group, paragraph->server);
}

const struct diagnosis diagnosis_no_invite = {
    .name = "no_invite",
    .title = "no call came",
    .help = "registered and waited, but no INVITE came",
    .matches = matches,
    .write = write,
};
