#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && (cluster->status == 404 || cluster->status == 410 ||
                                      cluster->status == 484 || cluster->status == 604);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "Nobody is known there under the address that was called.");
    say_next(paragraph,
             "check the address that is called, and, when %s is at another registrar, that %s "
             "routes there.",
             paragraph->target, paragraph->server);
}

const struct diagnosis diagnosis_call_not_found = {
    .name = "call_not_found",
    .title = "called address unknown",
    .help = "the address that is called is not known (404, 410, 484, 604)",
    .matches = matches,
    .write = write,
};
