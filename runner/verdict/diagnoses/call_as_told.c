#include "paragraph.h"

/* Who is called refused, or let it ring, and did well by that: the spec told it to. */
static bool told(const struct cluster *cluster, uint32_t caller)
{
    const struct result *result = cluster->result;
    uint32_t partner = result->roster->endpoints[caller].partner;
    if (partner == ROSTER_NONE)
        return false;
    const struct result_endpoint *callee = &result->endpoints[partner];
    if (!callee->closed || callee->outcome.outcome != OUTCOME_SUCCESS || !callee->call_known ||
        callee->call.status < 300)
        return false;
    return cluster->failure == FAILURE_NOT_ANSWERED ? callee->call.status == 487
                                                    : callee->call.status == cluster->status;
}

static bool matches(const struct cluster *cluster)
{
    if (!cluster_dials(cluster))
        return false;
    for (uint32_t i = 0; i < cluster->result->roster->endpoint_count; i++)
        if (cluster_has(cluster, i) && !told(cluster, i))
            return false;
    return true;
}

static void write(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    bool rang = cluster->failure == FAILURE_NOT_ANSWERED;
    say_cause(paragraph, "The answer of group %s in the spec says so: %s did what it was told.",
              paragraph->target, paragraph->peer);
    say_next(paragraph,
             "if this is what is tested, say so in group %s: expect: { outcome: %s }; if "
             "not, look at answer of group %s%s.",
             paragraph->group,
             cluster->outcome == OUTCOME_TIMEOUT              ? "timeout"
             : cluster->outcome == OUTCOME_NEGOTIATION_FAILED ? "negotiation_failed"
                                                              : "call_failed",
             paragraph->target,
             rang                                     ? ", which has never: true"
             : cluster->failure == FAILURE_REDIRECTED ? ", or let the callers follow redirects"
                                                      : "");
}

const struct diagnosis diagnosis_call_as_told = {
    .name = "call_as_told",
    .title = "refused as the spec says",
    .help = "a callee of this run refused, redirected or never answered, as the spec tells it to",
    .matches = matches,
    .write = write,
};
