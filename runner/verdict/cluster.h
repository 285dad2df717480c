/*
 * cluster: endpoints that failed in the same way, so that 500 failures are one paragraph. Private
 * to runner/verdict.
 *
 * Alike are those of one failure, outcome and status that had got as far, at one server; for calls
 * also of one role and target. Groups do not matter: a wrong password in two groups of a registrar
 * is one cause.
 */
#ifndef VERDICT_CLUSTER_H
#define VERDICT_CLUSTER_H

#include "cmtest/result.h"

#define CLUSTER_NONE UINT32_MAX

/* What did harm to endpoints that ended well all the same. */
enum symptom { SYMPTOM_NONE, SYMPTOM_REPEATS, SYMPTOM_MEDIA_STOPPED };

/* SIP messages that one call had to send again before it is a symptom: one or two also come of a
 * server that thinks longer than T1. */
#define CLUSTER_REPEATS 3

struct cluster {
    const struct result *result;
    const uint32_t *of; /* the id of every endpoint's cluster, CLUSTER_NONE when it has none */
    uint32_t id;
    enum event_failure failure;
    enum symptom symptom;
    enum endpoint_outcome outcome;
    uint16_t status;
    enum endpoint_phase reached;
    enum roster_role role;
    uint32_t first, count; /* lowest index, and how many */
    /* By scope_find(): */
    enum diagnosis_scope scope;
    uint32_t concerned; /* how many could have failed like this, these included */
    uint32_t fine;      /* how many of those got past it */
    uint32_t fine_here; /* and how many of these at the same server */
    /* SCOPE_LATER: the first `before` did well; `after` came after them, these among them. */
    uint32_t before, after;
    int64_t span_ns; /* from the first start to the last, EVENT_NONE when not known */
    const struct diagnosis *rule;
};

struct clusters {
    struct cluster *list;
    uint32_t *of;
    uint32_t count, capacity;
};

/* Collects only: scope and rule are still to be found. */
void clusters_collect(struct clusters *clusters, const struct result *result);
void clusters_fini(struct clusters *clusters);
/* Makes one of those whose rule says that they are; changes `of`, and counts become 0. */
void clusters_merge(struct clusters *clusters);

bool cluster_has(const struct cluster *cluster, uint32_t endpoint);
const struct result_endpoint *cluster_endpoint(const struct cluster *cluster); /* the first */
const struct roster_group *cluster_group(const struct cluster *cluster);       /* of the first */
/* The one at the other end of the first; NULL when that is outside. */
const struct result_endpoint *cluster_partner(const struct cluster *cluster);
/* What an endpoint calls: a URI or the name of a group; NULL when it only answers. */
const char *endpoint_target(const struct result *result, uint32_t endpoint);
/* host:port/transport that an endpoint registers at; "its registrar" when not known. */
const char *endpoint_server(const struct result *result, uint32_t endpoint);
/* What the transport or the endpoint says of it; may be empty. */
const char *cluster_trouble(const struct cluster *cluster);

/* ---- what rules ask ------------------------------------------------------------------------- */

/* The registration did not come about. */
bool cluster_registers(const struct cluster *cluster);
/* It concerns a registration, be it that it was lost or not removed. */
bool cluster_of_registration(const struct cluster *cluster);
/* A caller's call did not come about. */
bool cluster_dials(const struct cluster *cluster);
/* What an overloaded or a limiting server answers: 408, 429, 500, 503, 504, or nothing. */
bool cluster_throttled(const struct cluster *cluster);
/* TLS did not come about, or that is where the connection ended. */
bool cluster_tls(const struct cluster *cluster);
/* trouble has one of these words, whatever their case. */
bool cluster_says(const struct cluster *cluster, const char *const *words, size_t count);

#endif
