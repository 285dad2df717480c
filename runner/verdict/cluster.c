#include "cluster.h"

#include <stdlib.h>
#include <string.h>

static bool same_failure(const struct cluster *cluster, const struct event_outcome *outcome,
                         uint32_t group)
{
    return cluster->group == group && cluster->outcome->outcome == outcome->outcome &&
           cluster->outcome->status == outcome->status &&
           strcmp(cluster->outcome->reason, outcome->reason) == 0;
}

static int compare_clusters(const void *a, const void *b)
{
    const struct cluster *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    if (left->outcome->outcome != right->outcome->outcome)
        return left->outcome->outcome < right->outcome->outcome ? -1 : 1;
    return left->first < right->first ? -1 : 1;
}

void clusters_collect(struct clusters *clusters, const struct result *result)
{
    *clusters = (struct clusters){0};
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct event_outcome *outcome = &result->endpoints[i].outcome;
        uint32_t group = result->roster->endpoints[i].group;
        size_t at = 0;
        if (outcome_severity(outcome->outcome) <= 1)
            continue;
        clusters->endpoints++;
        while (at < clusters->count && !same_failure(&clusters->list[at], outcome, group))
            at++;
        if (at == CLUSTERS_MAX)
            continue;
        if (at == clusters->count)
            clusters->list[clusters->count++] = (struct cluster){outcome, group, i, 0};
        clusters->list[at].count++;
    }
    if (clusters->count > 1)
        qsort(clusters->list, clusters->count, sizeof(clusters->list[0]), compare_clusters);
}

const char *cluster_server(const struct cluster *cluster, const struct result *result)
{
    const struct result_endpoint *endpoint = &result->endpoints[cluster->first];
    if (endpoint->registered_known && endpoint->registration.server[0])
        return endpoint->registration.server;
    const char *server = result->roster->groups[cluster->group].server;
    return server ? server : "its registrar";
}

void cluster_ending(const struct cluster *cluster, const struct result *result, struct text *out)
{
    const struct event_outcome *outcome = cluster->outcome;
    bool registration = outcome->outcome == OUTCOME_REGISTRATION_FAILED;
    text_add(out, outcome_name(outcome->outcome));
    if (outcome->status > 0) {
        text_printf(out, " with %u", outcome->status);
        if (outcome->reason[0])
            text_printf(out, " %s", outcome->reason);
        if (registration)
            text_printf(out, " from %s", cluster_server(cluster, result));
    } else if (registration) {
        text_printf(out, " without an answer from %s", cluster_server(cluster, result));
    }
}
