#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status / 100 == 5;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "That is an error inside %s, or behind it: not of the account.",
              paragraph->server);
    say_next(paragraph,
             "look for the REGISTER of %s in the log of %s; if it is busy, try a longer buildup.",
             paragraph->account, paragraph->server);
}

const struct diagnosis diagnosis_registration_server_error = {
    .name = "registration_server_error",
    .title = "registrar failed",
    .help = "the registrar failed itself (5xx)",
    .matches = matches,
    .write = write,
};
