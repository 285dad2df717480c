#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct result_endpoint *partner = cluster_partner(cluster);
    return cluster->failure == FAILURE_NO_INVITE && partner &&
           outcome_severity(partner->outcome.outcome) > 1;
}

static void write(struct paragraph *paragraph)
{
    const struct event_outcome *outcome = &cluster_partner(paragraph->cluster)->outcome;
    say_cause(paragraph, "No INVITE came from %s, which ended %s", paragraph->peer,
              outcome_name(outcome->outcome));
    if (outcome->status)
        text_printf(&paragraph->cause, " with %u", outcome->status);
    text_add(&paragraph->cause, ".");
    say_next(paragraph, "look at %s first: that is likely the cause.", paragraph->peer);
}

const struct diagnosis diagnosis_caller_failed = {
    .name = "caller_failed",
    .title = "its caller failed",
    .help = "no INVITE came, because the caller failed before",
    .consequence = true,
    .matches = matches,
    .write = write,
};
