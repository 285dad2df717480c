#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status == 403;
}

static void write(struct paragraph *paragraph)
{
    const char *who = paragraph->many ? "these accounts" : paragraph->account;
    if (cluster_endpoint(paragraph->cluster)->registration.realm[0]) {
        say_cause(paragraph,
                  "%s asked for a password, got one, and refuses %s: a wrong password, or "
                  "somebody who may not register.",
                  paragraph->server, who);
        say_next(paragraph, "check the password of %s, and at %s whether it may register.",
                 paragraph->account, paragraph->server);
        return;
    }
    say_cause(paragraph,
              "%s refuses %s without asking for a password, so it is not the password: this "
              "machine's address, or a user or domain that it does not let register.",
              paragraph->server, who);
    say_next(paragraph,
             "check at %s whether %s may register from this machine, and the domain of "
             "registrars.%s.",
             paragraph->server, paragraph->account, paragraph->registrar);
}

const struct diagnosis diagnosis_registration_forbidden = {
    .name = "registration_forbidden",
    .title = "registration forbidden",
    .help = "the registrar forbids to register (403)",
    .matches = matches,
    .write = write,
};
