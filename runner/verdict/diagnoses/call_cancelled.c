#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->status == 487;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "Something ended the call although we did not: likely a ring timeout of "
                         "the server, or another branch of it that answered.");
    say_next(
        paragraph,
        "look for the Call-ID in the log of %s, and raise its ring timeout if %s rings longer.",
        paragraph->server, paragraph->target);
}

const struct diagnosis diagnosis_call_cancelled = {
    .name = "call_cancelled",
    .title = "call ended before the answer",
    .help = "the call was ended before it was answered (487)",
    .matches = matches,
    .write = write,
};
