#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) &&
           (cluster->status == 404 || cluster->status == 410 || cluster->status == 604);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The user or the domain is not known there.");
    say_next(paragraph, "check the user name of %s and the domain of registrars.%s.",
             paragraph->account, paragraph->registrar);
}

const struct diagnosis diagnosis_registration_unknown = {
    .name = "registration_unknown",
    .title = "unknown at the registrar",
    .help = "the registrar knows no such user or domain (404, 410, 604)",
    .matches = matches,
    .write = write,
};
