#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->status == 408;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "%s took the call, but what stands behind it did not answer it in time.",
              paragraph->server);
    say_next(paragraph,
             "check that %s reaches %s; it may also be limiting its rate or be overloaded: try a "
             "longer buildup.",
             paragraph->server, paragraph->target);
}

const struct diagnosis diagnosis_call_timeout = {
    .name = "call_timeout",
    .title = "call answered 408",
    .help = "the server answers that time ran out (408)",
    .matches = matches,
    .write = write,
};
