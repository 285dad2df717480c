#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status == 403 && cluster->fine_here > 0 &&
           (cluster->scope == SCOPE_ONE || cluster->scope == SCOPE_SCATTERED);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s forbids %s, while %u others registered: %s likely locked or disabled there, or "
              "may not register from here.",
              paragraph->server, paragraph->many ? "these accounts" : paragraph->account,
              paragraph->cluster->fine_here, paragraph->many ? "they are" : "it is");
    say_next(paragraph,
             "check at %s whether %s is locked or disabled; then its password: some servers answer "
             "a wrong one with 403.",
             paragraph->server, paragraph->account);
}

const struct diagnosis diagnosis_account_locked = {
    .name = "account_locked",
    .title = "account locked",
    .help = "the registrar forbids some accounts, while others of it register",
    .matches = matches,
    .write = write,
};
