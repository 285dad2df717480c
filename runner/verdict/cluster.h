/*
 * cluster: endpoints that failed in the same way, so that 500 failures are one sentence. Private
 * to runner/verdict.
 */
#ifndef VERDICT_CLUSTER_H
#define VERDICT_CLUSTER_H

#include "cmtest/result.h"
#include "cmtest/text.h"

#define CLUSTERS_MAX 32

struct cluster {
    const struct event_outcome *outcome; /* of the first */
    uint32_t group;
    uint32_t first;
    uint32_t count;
};

struct clusters {
    struct cluster list[CLUSTERS_MAX]; /* biggest first; of equals, the one that ended earlier */
    size_t count;
    uint32_t endpoints; /* failed in all, those that found no room in the list included */
};

void clusters_collect(struct clusters *clusters, const struct result *result);

/* host:port/transport that the cluster's first endpoint registers at. */
const char *cluster_server(const struct cluster *cluster, const struct result *result);
/* What it ended with: "REGISTRATION_FAILED with 401 Unauthorized from 127.0.0.1:5060/udp". */
void cluster_ending(const struct cluster *cluster, const struct result *result, struct text *out);
/* One next step for a cluster. */
void cluster_advice(const struct cluster *cluster, const struct result *result, struct text *out);

#endif
