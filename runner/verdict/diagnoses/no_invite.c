#include "paragraph.h"
#include "moments.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_NO_INVITE;
}

static void write(struct paragraph *paragraph)
{
    const struct result_endpoint *partner = cluster_partner(paragraph->cluster);
    if (partner && moment_sent(partner, "INVITE") == EVENT_NONE) {
        say_cause(paragraph, "%s never sent its INVITE.", paragraph->peer);
        say_next(paragraph, "look at the timeline of %s in result.json.", paragraph->peer);
        return;
    }
    if (partner)
        say_cause(paragraph,
                  "%s did call, so the INVITE was lost between both: a route that leads elsewhere, "
                  "or a firewall that lets nothing in.",
                  paragraph->peer);
    else
        say_cause(paragraph, "Whoever should have called is outside of this run.");
    say_next(paragraph,
             "check the route from %s to the contacts of group %s, and that they wait long enough "
             "for the callers' buildup.",
             paragraph->server, paragraph->group);
}

const struct diagnosis diagnosis_no_invite = {
    .name = "no_invite",
    .title = "no call came",
    .help = "registered and waited, but no INVITE came",
    .matches = matches,
    .write = write,
};
