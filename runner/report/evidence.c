#include "evidence.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

/* ---- which calls ------------------------------------------------------------------------ */

struct candidate {
    struct evidence call;
    int severity;
    uint32_t worse; /* the side that says how it ended */
    uint32_t rank;  /* how many before it ended in the same way */
    uint32_t order;
};

static void find_sides(const struct result *result, uint32_t endpoint, uint32_t *sides)
{
    bool caller = result->roster->endpoints[endpoint].role == ROLE_CALLER;
    uint32_t partner = result_partner(result, endpoint);
    if (partner != ROSTER_NONE && result_call(result, partner) != endpoint)
        partner = ROSTER_NONE;
    sides[EVIDENCE_CALLER] = caller ? endpoint : partner;
    sides[EVIDENCE_CALLEE] = caller ? partner : endpoint;
}

static bool has_messages(const struct result_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        if (endpoint->timeline[i].kind == EVENT_MESSAGE)
            return true;
    return endpoint->trace.count > 0;
}

static bool look_at(const struct result *result, uint32_t endpoint, struct candidate *found)
{
    *found = (struct candidate){.severity = -1, .order = endpoint};
    find_sides(result, endpoint, found->call.sides);
    for (int i = 0; i < EVIDENCE_SIDES; i++) {
        uint32_t side = found->call.sides[i];
        if (side == ROSTER_NONE)
            continue;
        const struct result_endpoint *who = &result->endpoints[side];
        int severity = outcome_severity(who->outcome.outcome);
        found->call.traced = found->call.traced || who->trace.count > 0;
        if (severity > found->severity) {
            found->severity = severity;
            found->worse = side;
        }
    }
    /* Nearly all ended well, and nobody looks for their messages. */
    for (int i = 0; found->severity > 0 && i < EVIDENCE_SIDES; i++)
        if (found->call.sides[i] != ROSTER_NONE &&
            has_messages(&result->endpoints[found->call.sides[i]]))
            return true;
    return false;
}

static bool same_ending(const struct result *result, uint32_t a, uint32_t b)
{
    const struct event_outcome *one = &result->endpoints[a].outcome;
    const struct event_outcome *other = &result->endpoints[b].outcome;
    return one->outcome == other->outcome && one->failure == other->failure &&
           one->status == other->status &&
           result->roster->endpoints[a].group == result->roster->endpoints[b].group;
}

/* Ways to end; what finds no room counts as one way. */
#define KINDS_MAX 64

static void rank(const struct result *result, struct candidate *list, size_t count)
{
    struct {
        uint32_t first, count;
    } kinds[KINDS_MAX + 1] = {0};
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < known && !same_ending(result, kinds[k].first, list[i].worse))
            k++;
        if (k == known && known < KINDS_MAX)
            kinds[known++].first = list[i].worse;
        list[i].rank = kinds[k].count++;
    }
}

static int compare(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->call.traced != b->call.traced)
        return a->call.traced ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* ---- their names ------------------------------------------------------------------------ */

/* Letters, digits, _ and -: what no shell, file system or artifact store minds. */
static bool is_safe(const char *name)
{
    size_t length = 0;
    for (; name[length]; length++) {
        unsigned char c = (unsigned char)name[length];
        if (c > 0x7e || !(isalnum(c) || c == '_' || (c == '-' && length > 0)))
            return false;
    }
    return length > 0 && length <= 64;
}

static void name(const struct result *result, struct evidence *call)
{
    uint32_t side = call->sides[EVIDENCE_CALLER] != ROSTER_NONE ? call->sides[EVIDENCE_CALLER]
                                                                : call->sides[EVIDENCE_CALLEE];
    const struct roster_endpoint *who = &result->roster->endpoints[side];
    const char *group = result->roster->groups[who->group].name;
    if (is_safe(group))
        snprintf(call->name, sizeof(call->name), "%s-%u", group, who->index);
    else /* a "." is in no safe name, so this is none of another group */
        snprintf(call->name, sizeof(call->name), "group.%u-%u", who->group, who->index);
}

void evidence_choose(struct evidence_list *list, const struct result *result)
{
    uint32_t total = result->roster->endpoint_count;
    struct candidate *candidates = mem_array(total, sizeof(*candidates));
    uint32_t count = 0;
    for (uint32_t i = 0; i < total; i++)
        if (result_call(result, i) == i && look_at(result, i, &candidates[count]))
            count++;
    rank(result, candidates, count);
    qsort(candidates, count, sizeof(*candidates), compare);
    *list = (struct evidence_list){0};
    list->count = count < EVIDENCE_CALLS_MAX ? count : EVIDENCE_CALLS_MAX;
    list->left_out = count - list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        list->calls[i] = candidates[i].call;
        name(result, &list->calls[i]);
    }
    free(candidates);
}

const struct evidence *evidence_of(const struct evidence_list *list, uint32_t endpoint)
{
    for (uint32_t i = 0; i < list->count; i++)
        for (int side = 0; side < EVIDENCE_SIDES; side++)
            if (list->calls[i].sides[side] == endpoint)
                return &list->calls[i];
    return NULL;
}
