#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_PARTNER;
}

static void write(struct paragraph *paragraph)
{
    const struct result_endpoint *partner = cluster_partner(paragraph->cluster);
    if (!paragraph->peer[0]) {
        say_cause(paragraph, "There was nobody to call.");
        say_next(paragraph, "look at what happened to %s first.", paragraph->target);
    } else if (partner->outcome.outcome == OUTCOME_REGISTRATION_FAILED) {
        say_cause(paragraph, "%s did not register, so nobody could be called.", paragraph->peer);
        say_next(paragraph, "mend the registration of %s first.", paragraph->peer);
    } else {
        say_cause(paragraph, "%s was not there for the call: it ended %s.", paragraph->peer,
                  outcome_name(partner->outcome.outcome));
        say_next(paragraph, "look at %s first.", paragraph->peer);
    }
}

const struct diagnosis diagnosis_partner_failed = {
    .name = "partner_failed",
    .title = "nobody to call",
    .help = "the endpoint at the other end failed before the call",
    .consequence = true,
    .matches = matches,
    .write = write,
};
