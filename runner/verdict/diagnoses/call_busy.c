#include "paragraph.h"

#include <string.h>

/* Endpoints that call the one that the first of the cluster calls. */
static uint32_t sharers(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    const struct roster_endpoint *first = &roster->endpoints[cluster->first];
    const char *target = endpoint_target(cluster->result, cluster->first);
    uint32_t count = 0;
    for (uint32_t i = 0; i < roster->endpoint_count; i++) {
        const struct roster_endpoint *who = &roster->endpoints[i];
        const char *other = endpoint_target(cluster->result, i);
        count += who->role == ROLE_CALLER && who->partner == first->partner &&
                 (first->partner != ROSTER_NONE || (target && other && strcmp(target, other) == 0));
    }
    return count;
}

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && (cluster->status == 486 || cluster->status == 600);
}

static void write(struct paragraph *paragraph)
{
    uint32_t others = sharers(paragraph->cluster);
    if (others > 1)
        say_cause(
            paragraph,
            "%u endpoints of this run call the same address, which may take one call at a time.",
            others);
    else
        say_cause(paragraph,
                  "No other endpoint of this run calls %s, so a call from elsewhere holds it, or "
                  "an earlier one that was not ended.",
                  paragraph->peer[0] ? paragraph->peer : paragraph->target);
    say_next(paragraph, "check that nothing else uses the accounts of %s%s.", paragraph->target,
             others > 1 ? ", and give every caller a callee of its own" : "");
}

const struct diagnosis diagnosis_call_busy = {
    .name = "call_busy",
    .title = "callee busy",
    .help = "the callee is in another call (486, 600)",
    .matches = matches,
    .write = write,
};
