#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status == 408;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s answers, but says that time ran out: it is overloaded, or what stands behind it "
              "did not answer.",
              paragraph->server);
    say_buildup(paragraph);
}

const struct diagnosis diagnosis_registration_timeout = {
    .name = "registration_timeout",
    .title = "registrar answered 408",
    .help = "the registrar answers that time ran out (408)",
    .matches = matches,
    .write = write,
};
