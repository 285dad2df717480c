#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && (cluster->failure == FAILURE_CREDENTIALS ||
                                      cluster->status == 401 || cluster->status == 407);
}

static void write(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    if (cluster->failure != FAILURE_CREDENTIALS)
        say_cause(paragraph, "It asks for a password in a way that could not be answered: no "
                             "challenge, another realm than that of the accounts, or an unknown "
                             "algorithm.");
    else if (cluster_endpoint(cluster)->registration.realm[0])
        say_cause(paragraph, "The credentials were good for the registration, but not for the "
                             "call: calls likely have a realm or a user name of their own.");
    else
        say_cause(paragraph, "The user name or password is likely wrong: the registration was "
                             "taken without one, and the call is not.");
    say_next(paragraph, "check realm, auth_user and password in the accounts of group %s.",
             paragraph->group);
}

const struct diagnosis diagnosis_call_credentials = {
    .name = "call_credentials",
    .title = "INVITE challenged in vain",
    .help = "the INVITE was challenged again although the challenge was answered (401, 407)",
    .matches = matches,
    .write = write,
};
