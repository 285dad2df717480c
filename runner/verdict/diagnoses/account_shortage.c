#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    return cluster_registers(cluster) && !roster->endpoints[cluster->first].account;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s no SIP account: registrars.%s likely has fewer accounts than endpoints.",
              paragraph->many ? "They have" : "It has", paragraph->registrar);
    say_next(paragraph, "add accounts to registrars.%s, or lower the number of endpoints.",
             paragraph->registrar);
}

const struct diagnosis diagnosis_account_shortage = {
    .name = "account_shortage",
    .title = "no account",
    .help = "an endpoint has no SIP account to register with",
    .matches = matches,
    .write = write,
};
