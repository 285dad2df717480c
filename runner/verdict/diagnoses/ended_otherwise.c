#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_EXPECTATION;
}

static void write(struct paragraph *paragraph)
{
    const struct event_outcome *outcome = &cluster_endpoint(paragraph->cluster)->outcome;
    char detail[sizeof outcome->detail];
    copy_clean(detail, sizeof detail, outcome->detail);
    say_cause(paragraph, "It did not end as the group expects: %s.", detail);
    say_next(paragraph, "look at the ladder in the evidence; if that end is right, say so in the "
                        "group: expect: { outcome: ..., status: ... }.");
}

const struct diagnosis diagnosis_ended_otherwise = {
    .name = "ended_otherwise",
    .title = "calls did not end as the spec expects",
    .help = "a group has expect: { outcome, status }, and its endpoint ended otherwise",
    .matches = matches,
    .write = write,
};
