#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status == 403;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s refuses %s without asking further: a wrong password, this machine's address, or "
              "a domain that it does not serve.",
              paragraph->server, paragraph->many ? "these accounts" : paragraph->account);
    say_next(paragraph, "check the password of %s, and at %s whether it may register from here.",
             paragraph->account, paragraph->server);
}

const struct diagnosis diagnosis_registration_forbidden = {
    .name = "registration_forbidden",
    .title = "registration forbidden",
    .help = "the registrar forbids to register (403)",
    .matches = matches,
    .write = write,
};
