#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->failure == FAILURE_NO_ANSWER &&
           cluster->scope == SCOPE_SCATTERED && cluster->fine_here > 0;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%u others did register there: packets are likely lost on the way, or the server "
              "drops some of what it gets.",
              paragraph->cluster->fine_here);
    say_next(paragraph,
             "look for loss on the path to %s; a router with SIP ALG does this too: switch that "
             "off. A longer buildup shows whether load is the reason.",
             paragraph->host);
}

const struct diagnosis diagnosis_registration_flaky = {
    .name = "registration_flaky",
    .title = "some registrations unanswered",
    .help = "some registrations were not answered, without a pattern",
    .matches = matches,
    .write = write,
};
