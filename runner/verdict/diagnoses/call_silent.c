#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->failure == FAILURE_NO_ANSWER;
}

static void write(struct paragraph *paragraph)
{
    if (cluster_endpoint(paragraph->cluster)->registered_known &&
        cluster_endpoint(paragraph->cluster)->registration.ok)
        say_cause(paragraph, "The registration was answered, so the server is there.");
    say_cause(paragraph, "The INVITE is likely not routed, or dropped on the way: it is bigger "
                         "than a REGISTER, and a firewall or SIP ALG may treat it differently.");
    say_next(paragraph,
             "check the route from %s to %s, and whether the INVITE arrives there at all.",
             paragraph->server, paragraph->target);
}

const struct diagnosis diagnosis_call_silent = {
    .name = "call_silent",
    .title = "no response to INVITE",
    .help = "not one response to the INVITE",
    .matches = matches,
    .write = write,
};
