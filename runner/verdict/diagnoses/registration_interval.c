#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status == 423;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The time that was asked for is shorter than %s grants.",
              paragraph->server);
    say_next(paragraph, "raise expires of registrars.%s.", paragraph->registrar);
}

const struct diagnosis diagnosis_registration_interval = {
    .name = "registration_interval",
    .title = "registration too brief",
    .help = "the registrar wants a longer registration than is asked for (423)",
    .matches = matches,
    .write = write,
};
