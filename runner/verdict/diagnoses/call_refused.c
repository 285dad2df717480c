#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->status >= 300;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "No rule knows more of this answer.");
    say_next(paragraph, "look for the Call-ID in the log of %s.", paragraph->server);
}

const struct diagnosis diagnosis_call_refused = {
    .name = "call_refused",
    .title = "call refused",
    .help = "the call was refused in any other way",
    .matches = matches,
    .write = write,
};
