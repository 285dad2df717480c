#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->status == 480;
}

static void write(struct paragraph *paragraph)
{
    if (paragraph->cluster->reached == PHASE_RINGING)
        say_cause(paragraph, "It rang, and then nobody was available: likely nobody answered in "
                             "the time that the server gives.");
    else
        say_cause(
            paragraph,
            "The address is known, but nobody is there: not registered, or set to do not disturb.");
    say_next(paragraph,
             "check that %s was registered before the calls began (a longer buildup gives it "
             "time), and that it answers.",
             paragraph->target);
}

const struct diagnosis diagnosis_call_unavailable = {
    .name = "call_unavailable",
    .title = "callee not available",
    .help = "the callee is not available now (480)",
    .matches = matches,
    .write = write,
};
