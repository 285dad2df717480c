#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->failure == FAILURE_NOT_ANSWERED;
}

static void write(struct paragraph *paragraph)
{
    if (paragraph->cluster->reached == PHASE_RINGING)
        say_cause(paragraph, "It rang, and nobody answered, so we cancelled.");
    else
        say_cause(paragraph, "The server took the INVITE (100), and nothing more came: it likely "
                             "found nobody to pass it to.");
    say_next(
        paragraph,
        "check that %s answers, and how long it rings before that; else the route from %s to it.",
        paragraph->target, paragraph->server);
}

const struct diagnosis diagnosis_call_not_answered = {
    .name = "call_not_answered",
    .title = "rang, but nobody answered",
    .help = "there were provisional responses, but no final one in time",
    .matches = matches,
    .write = write,
};
