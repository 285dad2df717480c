#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status / 100 == 3;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "%s sends its clients to another server, which is not followed.",
              paragraph->server);
    say_next(paragraph,
             "look at the Contact of that response, and set it as server of registrars.%s.",
             paragraph->registrar);
}

const struct diagnosis diagnosis_registration_redirected = {
    .name = "registration_redirected",
    .title = "registration redirected",
    .help = "the registrar sends elsewhere (3xx)",
    .matches = matches,
    .write = write,
};
