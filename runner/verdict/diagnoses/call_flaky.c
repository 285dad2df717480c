#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->failure == FAILURE_NO_ANSWER &&
           cluster->scope == SCOPE_SCATTERED && cluster->fine_here > 0;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%u other calls were answered: packets are likely lost on the way, or too big for "
              "it: an INVITE with a long SDP over UDP is cut into fragments, which firewalls drop.",
              paragraph->cluster->fine_here);
    say_next(paragraph,
             "look for loss on the path to %s; try transport: tcp; switch SIP ALG off in routers "
             "between.",
             paragraph->host);
}

const struct diagnosis diagnosis_call_flaky = {
    .name = "call_flaky",
    .title = "some INVITEs unanswered",
    .help = "some INVITEs were not answered, without a pattern",
    .matches = matches,
    .write = write,
};
