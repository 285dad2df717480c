#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct result_endpoint *endpoint = cluster_endpoint(cluster);
    return cluster_registers(cluster) && cluster->failure == FAILURE_REFUSED &&
           (cluster->status == 401 || cluster->status == 407) && endpoint->registration.trouble[0];
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "Its challenge could not be answered: %s.", paragraph->trouble);
    say_next(paragraph,
             "check the realm in the accounts of %s (without one, any is answered), and which "
             "digest algorithms %s asks for.",
             paragraph->registrar, paragraph->server);
}

const struct diagnosis diagnosis_registration_challenge = {
    .name = "registration_challenge",
    .title = "challenge not answerable",
    .help = "the registrar challenged in a way that cannot be answered (realm, algorithm)",
    .matches = matches,
    .write = write,
};
