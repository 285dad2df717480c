#include "engine_private.h"

#include <stdio.h>

static const struct plan_group *group_of(const struct engine *engine, uint32_t id)
{
    return &engine->plan->groups[engine->plan->endpoints[id].group];
}

static void name_of(const struct engine *engine, uint32_t id, char *out, size_t size)
{
    roster_endpoint_name(&engine->plan->roster, id, out, size);
}

/* An outside caller may come as long as a call of this plan could still begin. */
static int64_t wait_for_outside(const struct engine *engine)
{
    return engine->plan->buildup_ns + engine->plan->duration_ns + PLAN_TRANSACTION_NS;
}

static void give_up_waiting(void *arg)
{
    struct seat *seat = arg;
    endpoint_release(seat->endpoint, OUTCOME_TIMEOUT, "registered and waited, but no INVITE came");
}

static void start(void *arg)
{
    struct seat *seat = arg;
    watch_start(seat->engine, seat->timer.due_ns);
    endpoint_start(seat->endpoint);
}

static void dial(void *arg)
{
    struct seat *seat = arg;
    watch_start(seat->engine, seat->timer.due_ns);
    seat->dialled = true;
    endpoint_dial(seat->endpoint);
}

/* A caller that is registered and whose gate is open: at its planned moment, or as much later as
 * the gate opened late, so that the calls of a slow registrar do not come in one burst. */
static void schedule_dial(struct engine *engine, uint32_t id)
{
    const struct plan *plan = engine->plan;
    const struct plan_endpoint *planned = &plan->endpoints[id];
    const struct plan_group *group = group_of(engine, id);
    struct seat *seat = &engine->seats[id];
    int64_t shift = 0;
    if (group->call == CALL_GROUP) {
        uint32_t partner = planned->partner;
        if (partner != ROSTER_NONE && !engine->seats[partner].registered) {
            char name[96], detail[160];
            name_of(engine, partner, name, sizeof name);
            snprintf(detail, sizeof detail, "not dialled: its callee %s did not register", name);
            endpoint_release(seat->endpoint, OUTCOME_SUCCESS, detail);
            return;
        }
        int64_t planned_gate = plan->endpoints[group->first].dial_ns;
        int64_t late = engine->gates[group->target].opened_ns - planned_gate;
        shift = late > 0 ? late : 0;
    }
    loop_timer_set(engine->loop, &seat->timer, engine->started_ns + planned->dial_ns + shift, dial,
                   seat);
}

static bool may_dial(const struct engine *engine, uint32_t id)
{
    const struct plan_group *group = group_of(engine, id);
    return engine->seats[id].registered && !engine->seats[id].closed &&
           engine->plan->endpoints[id].caller &&
           (group->call == CALL_URI || engine->gates[group->target].open);
}

void dispatch_open(struct engine *engine, uint32_t group, int64_t opened_ns)
{
    if (engine->gates[group].open || engine->interrupted)
        return;
    engine->gates[group].open = true;
    engine->gates[group].opened_ns = opened_ns;
    for (uint32_t i = 0; i < engine->own_count; i++) {
        uint32_t id = engine->own[i];
        const struct plan_group *own = group_of(engine, id);
        if (own->call == CALL_GROUP && own->target == group && may_dial(engine, id))
            schedule_dial(engine, id);
    }
}

static void settle(struct engine *engine, uint32_t id)
{
    struct seat *seat = &engine->seats[id];
    if (seat->settled)
        return;
    seat->settled = true;
    uint32_t group = engine->plan->endpoints[id].group;
    if (engine->plan->endpoints[id].caller) /* callers wait at gates and are none */
        return;
    if (--engine->gates[group].unsettled)
        return;
    if (engine->config.share)
        engine->config.settled(engine->config.arg, group);
    else
        dispatch_open(engine, group, clock_now() - engine->started_ns);
}

void dispatch_registered(struct engine *engine, uint32_t id, bool ok)
{
    struct seat *seat = &engine->seats[id];
    const struct plan_group *group = group_of(engine, id);
    seat->registered = ok;
    settle(engine, id);
    if (!ok || engine->interrupted)
        return;
    if (may_dial(engine, id) && !seat->dialled && !loop_timer_is_set(&seat->timer))
        schedule_dial(engine, id);
    bool caller = engine->plan->endpoints[id].caller;
    if (!caller && !group->called)
        loop_timer_set(engine->loop, &seat->timer, engine->started_ns + wait_for_outside(engine),
                       give_up_waiting, seat);
    /* Its caller may have ended before it was registered. */
    uint32_t partner = engine->plan->endpoints[id].partner;
    if (!caller && partner != ROSTER_NONE && engine->seats[partner].closed)
        dispatch_closed(engine, partner);
}

/* The callee of a caller that is gone waits for nothing. */
static void release_partner(struct engine *engine, uint32_t id)
{
    uint32_t partner = engine->plan->endpoints[id].partner;
    if (partner == ROSTER_NONE || !engine->plan->endpoints[id].caller)
        return;
    struct seat *other = &engine->seats[partner];
    if (other->closed || !other->registered)
        return;
    char name[96], detail[160];
    name_of(engine, id, name, sizeof name);
    if (engine->seats[id].dialled) {
        snprintf(detail, sizeof detail, "registered and waited, but the INVITE of %s did not come",
                 name);
        endpoint_release(other->endpoint, OUTCOME_TIMEOUT, detail);
    } else {
        snprintf(detail, sizeof detail, "not called: its caller %s did not dial", name);
        endpoint_release(other->endpoint, OUTCOME_SUCCESS, detail);
    }
}

void dispatch_closed(struct engine *engine, uint32_t id)
{
    struct seat *seat = &engine->seats[id];
    if (!seat->closed) {
        seat->closed = true;
        engine->open_seats--;
        loop_timer_cancel(&seat->timer);
        settle(engine, id);
    }
    release_partner(engine, id);
    if (!engine->open_seats && !engine->finished) {
        engine->finished = true;
        loop_timer_cancel(&engine->deadline);
        engine->config.finished(engine->config.arg);
    }
}

void dispatch_start(struct engine *engine)
{
    const struct plan_endpoint *endpoints = engine->plan->endpoints;
    for (uint32_t i = 0; i < engine->own_count; i++) {
        const struct plan_endpoint *planned = &endpoints[engine->own[i]];
        engine->gates[planned->group].unsettled += !planned->caller;
    }
    for (uint32_t i = 0; i < engine->own_count; i++) {
        struct seat *seat = &engine->seats[engine->own[i]];
        loop_timer_set(engine->loop, &seat->timer,
                       engine->started_ns + endpoints[seat->id].start_ns, start, seat);
    }
}
