#include "paragraph.h"
#include "moments.h"

static bool is_too_early(const struct result *result, uint32_t index)
{
    uint32_t partner = result->roster->endpoints[index].partner;
    if (partner >= result->roster->endpoint_count)
        return false;
    int64_t there = moment_registered(&result->endpoints[partner]);
    int64_t called = moment_sent(&result->endpoints[index], "INVITE");
    return there == EVENT_NONE || (called != EVENT_NONE && called < there);
}

static uint32_t too_early(const struct cluster *cluster)
{
    uint32_t count = 0;
    for (uint32_t i = cluster->first; i < cluster->result->roster->endpoint_count; i++)
        count += cluster_has(cluster, i) && is_too_early(cluster->result, i);
    return count;
}

static bool matches(const struct cluster *cluster)
{
    if (!cluster_dials(cluster) || (cluster->status != 480 && cluster->status != 404))
        return false;
    return 2 * too_early(cluster) > cluster->count;
}

static void write(struct paragraph *paragraph)
{
    const struct result_endpoint *partner = cluster_partner(paragraph->cluster);
    if (partner && moment_registered(partner) == EVENT_NONE) {
        say_cause(paragraph, "%s was not registered at all.", paragraph->peer);
        say_next(paragraph, "mend the registration of %s first.", paragraph->peer);
        return;
    }
    say_cause(paragraph, "%u of them called before their callee had registered%s%s.",
              too_early(paragraph->cluster), paragraph->peer[0] ? ": the first called " : "",
              paragraph->peer);
    say_next(paragraph, "lengthen buildup, so that %s is registered before the calls begin.",
             paragraph->target);
}

const struct diagnosis diagnosis_callee_not_registered = {
    .name = "callee_not_registered",
    .title = "called before the callee had registered",
    .help = "the callee had not registered when its call came (480, 404)",
    .matches = matches,
    .write = write,
};
