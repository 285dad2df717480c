#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && (cluster->failure == FAILURE_CREDENTIALS ||
                                          cluster->status == 401 || cluster->status == 407);
}

static void write(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    char realm[WORD_SIZE];
    copy_clean(realm, sizeof(realm), cluster_endpoint(cluster)->registration.realm);
    say_cause(paragraph, "The user name or password is wrong%s%s.", realm[0] ? " for realm " : "",
              realm);
    if (cluster->fine_here == 0 && paragraph->many)
        say_cause(paragraph, "As nobody registered there, one mistake for all of them is likely.");
    else if (cluster->scope == SCOPE_ONE && cluster->fine_here > 0)
        say_cause(paragraph, "Others registered there, so it is this account.");
    say_next(paragraph, "check user name and password of %s in the accounts of %s.",
             paragraph->account, paragraph->registrar);
    if (paragraph->many)
        say_next(paragraph, "Try one endpoint alone until it registers.");
}

const struct diagnosis diagnosis_registration_credentials = {
    .name = "registration_credentials",
    .title = "wrong user name or password",
    .help = "the registrar challenged again although its challenge was answered (401, 407)",
    .matches = matches,
    .write = write,
};
