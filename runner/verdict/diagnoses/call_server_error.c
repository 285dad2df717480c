#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->status / 100 == 5;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "That is an error inside %s, or behind it.", paragraph->server);
    say_next(
        paragraph,
        "look for the Call-ID in the log of %s; it may also be overloaded: try a longer buildup.",
        paragraph->server);
}

const struct diagnosis diagnosis_call_server_error = {
    .name = "call_server_error",
    .title = "server failed",
    .help = "the server failed itself (5xx)",
    .matches = matches,
    .write = write,
};
