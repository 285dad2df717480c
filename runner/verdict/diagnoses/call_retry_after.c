#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct result_endpoint *endpoint = cluster_endpoint(cluster);
    return cluster_dials(cluster) && endpoint->call_known && cluster->status >= 400 &&
           endpoint->call.retry_after > 0;
}

static void write(struct paragraph *paragraph)
{
    int32_t wait = cluster_endpoint(paragraph->cluster)->call.retry_after;
    say_cause(paragraph,
              "The answer asks to come back after %d s: %s or %s is overloaded or in maintenance, "
              "or limits the rate of calls.",
              (int)wait, paragraph->server, paragraph->target);
    say_buildup(paragraph);
}

const struct diagnosis diagnosis_call_retry_after = {
    .name = "call_retry_after",
    .title = "told to call later",
    .help = "the INVITE was refused with the time to try again (Retry-After)",
    .matches = matches,
    .write = write,
};
