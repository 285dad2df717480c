#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct result_endpoint *endpoint = cluster_endpoint(cluster);
    return cluster_registers(cluster) && endpoint->registered_known && cluster->status >= 400 &&
           endpoint->registration.retry_after > 0;
}

static void write(struct paragraph *paragraph)
{
    int32_t wait = cluster_endpoint(paragraph->cluster)->registration.retry_after;
    say_cause(paragraph,
              "%s asks to come back after %d s: it is overloaded or in maintenance, or limits the "
              "rate of registrations.",
              paragraph->server, (int)wait);
    say_buildup(paragraph);
}

const struct diagnosis diagnosis_registration_retry_after = {
    .name = "registration_retry_after",
    .title = "told to come back later",
    .help = "the registrar said when to try again (Retry-After)",
    .matches = matches,
    .write = write,
};
