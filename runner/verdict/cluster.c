#include "cluster.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "failure.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

const char *endpoint_target(const struct result *result, uint32_t endpoint)
{
    const struct roster_endpoint *who = &result->roster->endpoints[endpoint];
    return who->target ? who->target : result->roster->groups[who->group].target;
}

const char *endpoint_server(const struct result *result, uint32_t index)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    if (endpoint->registered_known && endpoint->registration.server[0])
        return endpoint->registration.server;
    const char *server = result->roster->groups[result->roster->endpoints[index].group].server;
    return server ? server : "its registrar";
}

bool cluster_has(const struct cluster *cluster, uint32_t endpoint)
{
    return cluster->of[endpoint] == cluster->id;
}

const struct result_endpoint *cluster_endpoint(const struct cluster *cluster)
{
    return &cluster->result->endpoints[cluster->first];
}

const struct roster_group *cluster_group(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    return &roster->groups[roster->endpoints[cluster->first].group];
}

const struct result_endpoint *cluster_partner(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    uint32_t partner = roster->endpoints[cluster->first].partner;
    return partner < roster->endpoint_count ? &cluster->result->endpoints[partner] : NULL;
}

const char *cluster_trouble(const struct cluster *cluster)
{
    const struct result_endpoint *endpoint = cluster_endpoint(cluster);
    if (endpoint->registered_known && cluster_registers(cluster)) {
        if (endpoint->registration.trouble[0])
            return endpoint->registration.trouble;
        if (endpoint->registration.reason[0])
            return endpoint->registration.reason;
    }
    return endpoint->outcome.detail[0] ? endpoint->outcome.detail : endpoint->outcome.reason;
}

bool cluster_registers(const struct cluster *cluster)
{
    return cluster->outcome == OUTCOME_REGISTRATION_FAILED;
}

bool cluster_of_registration(const struct cluster *cluster)
{
    return cluster_registers(cluster) || cluster->failure == FAILURE_REFRESH ||
           cluster->failure == FAILURE_UNREGISTER;
}

bool cluster_dials(const struct cluster *cluster)
{
    return cluster->role == ROLE_CALLER &&
           (cluster->outcome == OUTCOME_CALL_FAILED ||
            cluster->outcome == OUTCOME_NEGOTIATION_FAILED || cluster->outcome == OUTCOME_TIMEOUT);
}

bool cluster_throttled(const struct cluster *cluster)
{
    switch (cluster->status) {
    case 0:
        return cluster->failure == FAILURE_NO_ANSWER;
    case 408:
    case 429:
    case 500:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

bool cluster_tls(const struct cluster *cluster)
{
    static const char *const handshake[] = {"TLS"};
    return cluster->failure == FAILURE_TLS ||
           (cluster->failure == FAILURE_UNREACHABLE && cluster_says(cluster, handshake, 1));
}

bool cluster_says(const struct cluster *cluster, const char *const *words, size_t count)
{
    const char *trouble = cluster_trouble(cluster);
    for (size_t i = 0; i < count; i++)
        if (strcasestr(trouble, words[i]))
            return true;
    return false;
}

/* ---- collecting ----------------------------------------------------------------------------- */

/* The whole machine's, whatever the endpoint was at. */
static bool everywhere(enum event_failure failure)
{
    return failure == FAILURE_LOCAL || failure == FAILURE_CUT_OFF;
}

/* Whether two endpoints met the same place. */
static bool same_place(const struct cluster *cluster, uint32_t other)
{
    const struct result *result = cluster->result;
    const struct result_endpoint *a = cluster_endpoint(cluster), *b = &result->endpoints[other];
    const struct roster_endpoint *who = &result->roster->endpoints[other];
    const struct roster_group *group = &result->roster->groups[who->group];
    if (everywhere(cluster->failure))
        return a->closed == b->closed;
    if (!same_text(endpoint_server(result, cluster->first), endpoint_server(result, other)))
        return false;
    if ((cluster->failure == FAILURE_TLS || cluster->failure == FAILURE_UNREACHABLE) &&
        strcmp(a->registration.trouble, b->registration.trouble) != 0)
        return false;
    if (cluster_of_registration(cluster) || cluster->failure == FAILURE_BYE)
        return true;
    return cluster->role == who->role && same_text(cluster_group(cluster)->target, group->target) &&
           (cluster->failure != FAILURE_NO_CODEC ||
            same_text(cluster_group(cluster)->codecs, group->codecs));
}

static bool same_failure(const struct cluster *a, const struct cluster *b)
{
    return a->failure == b->failure && a->symptom == b->symptom && a->outcome == b->outcome &&
           a->status == b->status &&
           (everywhere(a->failure) || cluster_of_registration(a) || a->reached == b->reached) &&
           same_place(a, b->first);
}

/* Media that came, and then did not any more until the end, although it was agreed. */
static bool media_stopped(const struct result *result, uint32_t index)
{
    const struct result_seconds *seconds = &result->endpoints[index].seconds;
    return seconds->heard && seconds->silent_run >= 3 + result_silent_behind(result, index);
}

static enum symptom symptom_of(const struct result *result, uint32_t index)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    if (media_stopped(result, index))
        return SYMPTOM_MEDIA_STOPPED;
    return endpoint->call_known && endpoint->call.repeats_sent >= CLUSTER_REPEATS ? SYMPTOM_REPEATS
                                                                                  : SYMPTOM_NONE;
}

/* What is of our own making is nothing to look into: an interruption, a run that never began. */
static bool excused(const struct result *result, const struct result_endpoint *endpoint,
                    enum event_failure failure)
{
    return (result->interrupted && (failure == FAILURE_CUT_OFF || !endpoint->closed)) ||
           ((result->error[0] || result->machine.refused != MACHINE_NONE) && !endpoint->closed);
}

/* false: this endpoint has nothing to tell. */
static bool classify(const struct result *result, uint32_t index, struct cluster *cluster)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    int severity = outcome_severity(endpoint->outcome.outcome);
    *cluster = (struct cluster){.result = result,
                                .outcome = endpoint->outcome.outcome,
                                .status = endpoint->outcome.status,
                                .reached = endpoint->reached,
                                .role = result->roster->endpoints[index].role,
                                .first = index,
                                .count = 1};
    if (severity > 0) {
        cluster->failure = failure_of(result, index);
        return !excused(result, endpoint, cluster->failure);
    }
    cluster->symptom = symptom_of(result, index);
    return cluster->symptom != SYMPTOM_NONE;
}

void clusters_collect(struct clusters *clusters, const struct result *result)
{
    uint32_t total = result->roster->endpoint_count;
    *clusters = (struct clusters){.of = mem_array(total, sizeof(*clusters->of))};
    for (uint32_t i = 0; i < total; i++) {
        struct cluster one;
        uint32_t at = 0;
        clusters->of[i] = CLUSTER_NONE;
        if (!classify(result, i, &one))
            continue;
        while (at < clusters->count && !same_failure(&clusters->list[at], &one))
            at++;
        if (at == clusters->count) {
            if (clusters->count == clusters->capacity) {
                clusters->capacity = clusters->capacity ? clusters->capacity * 2 : 16;
                clusters->list =
                    mem_grow(clusters->list, clusters->capacity, sizeof(*clusters->list));
            }
            one.id = at;
            one.of = clusters->of;
            one.count = 0;
            clusters->list[clusters->count++] = one;
        }
        clusters->list[at].count++;
        clusters->of[i] = at;
    }
}

void clusters_fini(struct clusters *clusters)
{
    free(clusters->list);
    free(clusters->of);
}

static bool one_cause(const struct cluster *a, const struct cluster *b)
{
    return a->rule == b->rule && a->outcome == b->outcome &&
           (a->rule->any_answer || (a->status == b->status && a->failure == b->failure)) &&
           same_place(a, b->first);
}

void clusters_merge(struct clusters *clusters)
{
    for (uint32_t i = 0; i < clusters->count; i++) {
        struct cluster *into = &clusters->list[i];
        for (uint32_t j = i + 1; into->count > 0 && j < clusters->count; j++) {
            struct cluster *other = &clusters->list[j];
            if (other->count == 0 || !one_cause(into, other))
                continue;
            /* What most of them met is what is told. */
            if (other->count > into->count) {
                into->status = other->status;
                into->failure = other->failure;
            }
            into->count += other->count;
            other->count = 0;
            for (uint32_t k = other->first; k < into->result->roster->endpoint_count; k++)
                if (clusters->of[k] == other->id)
                    clusters->of[k] = into->id;
        }
    }
}
