#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && (cluster->status == 429 || cluster->status == 503);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The way for the call is not in service, or full: likely a trunk or gateway behind "
              "%s, or its own limit of calls.",
              paragraph->server);
    say_next(paragraph,
             "use a longer buildup or fewer calls at once; then look at the routes of %s to %s.",
             paragraph->server, paragraph->target);
}

const struct diagnosis diagnosis_call_overload = {
    .name = "call_overload",
    .title = "server overloaded",
    .help = "the server is overloaded or has no way for the call (429, 503)",
    .matches = matches,
    .write = write,
};
