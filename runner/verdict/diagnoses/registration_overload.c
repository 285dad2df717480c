#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && (cluster->status == 429 || cluster->status == 503);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "%s may be limiting its rate, be overloaded or not be in service.",
              paragraph->server);
    say_buildup(paragraph);
}

const struct diagnosis diagnosis_registration_overload = {
    .name = "registration_overload",
    .title = "registrar overloaded",
    .help =
        "the registrar is overloaded or limits the rate (429, 503), and does not say for how long",
    .matches = matches,
    .write = write,
};
