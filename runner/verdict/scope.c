#include "scope.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "moments.h"

/* That so long a row of good ones came first is chance with at most this probability. */
#define CHANCE 0.01
/* And of those after them at least this share failed, in whatever way: else it was a bad moment. */
#define SHARE_AFTER (1.0 / 3)

const char *scope_name(enum diagnosis_scope scope)
{
    static const char *const names[] = {"all", "registrar", "group", "one", "later", "scattered"};
    return names[scope];
}

static bool is_of_machine(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_LOCAL || cluster->failure == FAILURE_CUT_OFF;
}

static bool in_call(const struct cluster *cluster)
{
    return cluster->symptom != SYMPTOM_NONE || cluster->failure == FAILURE_HUNG_UP_EARLY ||
           cluster->failure == FAILURE_SESSION_EXPIRED || cluster->failure == FAILURE_BYE ||
           cluster->failure == FAILURE_NO_MEDIA;
}

bool scope_concerns(const struct cluster *cluster, uint32_t index)
{
    const struct result_endpoint *endpoint = &cluster->result->endpoints[index];
    if (cluster_has(cluster, index) || is_of_machine(cluster) || cluster_registers(cluster))
        return true;
    if (cluster_of_registration(cluster))
        return endpoint->registered_known && endpoint->registration.ok;
    if (in_call(cluster) && !(endpoint->call_known && endpoint->call.established))
        return false;
    /* Either side may hang up: who did is concerned. */
    bool hung_up = cluster->failure == FAILURE_BYE && endpoint->call.teardown_ns != EVENT_NONE;
    return (cluster->result->roster->endpoints[index].role == cluster->role || hung_up) &&
           endpoint->call_known && endpoint->call.result != CALL_NOT_ATTEMPTED;
}

bool scope_fine(const struct cluster *cluster, uint32_t index)
{
    const struct result_endpoint *endpoint = &cluster->result->endpoints[index];
    if (cluster_has(cluster, index) || !scope_concerns(cluster, index))
        return false;
    if (cluster_registers(cluster))
        return endpoint->registered_known && endpoint->registration.ok;
    if (cluster_dials(cluster) && !in_call(cluster))
        return endpoint->call.established;
    return outcome_severity(endpoint->outcome.outcome) <= 1;
}

/* Every concerned endpoint of a set that holds one of the cluster is of the cluster. */
static bool whole_groups(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    for (uint32_t g = 0; g < roster->group_count; g++) {
        uint32_t members = 0, concerned = 0;
        for (uint32_t i = roster->groups[g].first;
             i < roster->groups[g].first + roster->groups[g].count; i++) {
            members += cluster_has(cluster, i);
            concerned += scope_concerns(cluster, i);
        }
        if (members > 0 && members < concerned)
            return false;
    }
    return true;
}

static bool whole_registrar(const struct cluster *cluster)
{
    const struct result *result = cluster->result;
    const char *server = endpoint_server(result, cluster->first);
    bool others = false;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!scope_concerns(cluster, i))
            continue;
        bool here = strcmp(endpoint_server(result, i), server) == 0;
        if (here != cluster_has(cluster, i))
            return false;
        others |= !here;
    }
    return others;
}

static bool one_account(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    const char *account = roster->endpoints[cluster->first].account;
    if (cluster->count == 1)
        return true;
    for (uint32_t i = 0; account && i < roster->endpoint_count; i++)
        if (cluster_has(cluster, i) &&
            (!roster->endpoints[i].account || strcmp(roster->endpoints[i].account, account) != 0))
            return false;
    return account != NULL;
}

/* ---- later ones only ------------------------------------------------------------------------ */

struct runner {
    int64_t start_ns;
    uint32_t index;
};

static int64_t start_of(const struct cluster *cluster, uint32_t index)
{
    const struct result_endpoint *endpoint = &cluster->result->endpoints[index];
    if (cluster_registers(cluster))
        return moment_sent(endpoint, "REGISTER");
    int64_t at = moment_sent(endpoint, "INVITE");
    return at == EVENT_NONE ? moment_phase(endpoint, PHASE_CALLING) : at;
}

static int compare_runners(const void *a, const void *b)
{
    const struct runner *left = a, *right = b;
    if (left->start_ns != right->start_ns)
        return left->start_ns < right->start_ns ? -1 : 1;
    return left->index < right->index ? -1 : 1;
}

/* Those at the cluster's server, in the order in which they started: by time when it is known of
 * all, else as planned. */
static uint32_t line_up(struct cluster *cluster, struct runner *line)
{
    const struct result *result = cluster->result;
    const char *server = endpoint_server(result, cluster->first);
    bool timed = true;
    uint32_t count = 0;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        if (!scope_concerns(cluster, i) || strcmp(endpoint_server(result, i), server) != 0)
            continue;
        line[count] = (struct runner){start_of(cluster, i), i};
        timed &= line[count++].start_ns != EVENT_NONE;
    }
    for (uint32_t i = 0; !timed && i < count; i++)
        line[i].start_ns = 0;
    if (count > 1)
        qsort(line, count, sizeof(*line), compare_runners);
    cluster->span_ns =
        timed && count > 0 ? line[count - 1].start_ns - line[0].start_ns : EVENT_NONE;
    return count;
}

/* Sets before and after. */
static bool later_only(struct cluster *cluster)
{
    struct runner *line = mem_array(cluster->result->roster->endpoint_count, sizeof(struct runner));
    uint32_t count = line_up(cluster, line), good = 0, before = 0;
    for (uint32_t i = 0; i < count; i++)
        good += scope_fine(cluster, line[i].index);
    while (before < count && scope_fine(cluster, line[before].index))
        before++;
    free(line);
    /* Drawn without putting back: what the chance is that the first ones are all good. */
    double chance = 1;
    for (uint32_t i = 0; i < before && chance > CHANCE; i++)
        chance *= (double)(good - i) / (double)(count - i);
    cluster->before = before;
    cluster->after = count - before;
    return before > 0 && chance <= CHANCE &&
           (double)(count - good) >= SHARE_AFTER * (double)cluster->after;
}

void scope_find(struct cluster *cluster)
{
    const char *server = endpoint_server(cluster->result, cluster->first);
    cluster->concerned = cluster->fine = cluster->fine_here = 0;
    for (uint32_t i = 0; i < cluster->result->roster->endpoint_count; i++) {
        cluster->concerned += scope_concerns(cluster, i);
        if (!scope_fine(cluster, i))
            continue;
        cluster->fine++;
        cluster->fine_here += strcmp(endpoint_server(cluster->result, i), server) == 0;
    }
    cluster->span_ns = EVENT_NONE;
    if (cluster->count == cluster->concerned)
        cluster->scope = SCOPE_ALL;
    else if (cluster->count == 1)
        cluster->scope = SCOPE_ONE;
    else if (whole_registrar(cluster))
        cluster->scope = SCOPE_REGISTRAR;
    else if (whole_groups(cluster))
        cluster->scope = SCOPE_GROUP;
    else if (one_account(cluster))
        cluster->scope = SCOPE_ONE;
    else if (later_only(cluster))
        cluster->scope = SCOPE_LATER;
    else
        cluster->scope = SCOPE_SCATTERED;
}
