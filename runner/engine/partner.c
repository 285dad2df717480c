/* Two endpoints of this run that talk with each other: what either sees, the other may ask for. */
#include "engine_private.h"

/* The endpoint at the other end of this one's call; NULL: it is none of ours, or no longer. */
static struct seat *partner_of(struct engine *engine, uint32_t id)
{
    uint32_t partner = engine->plan->endpoints[id].partner;
    struct seat *own = &engine->seats[id];
    if (partner == ROSTER_NONE || !own->endpoint || !engine->seats[partner].endpoint)
        return NULL;
    return endpoint_was_moved(own->endpoint) || endpoint_was_moved(engine->seats[partner].endpoint)
               ? NULL
               : &engine->seats[partner];
}

bool partner_flows(void *service, uint32_t id, struct flows *flows)
{
    struct engine *engine = service;
    const struct seat *partner = partner_of(engine, id);
    if (!engine->seats[id].media_started)
        return false;
    flows->sent = meter_read(&engine->meters[id][DIRECTION_SEND]);
    flows->received = meter_read(&engine->meters[id][DIRECTION_RECEIVE]);
    flows->ours = partner && partner->media_started;
    if (flows->ours) {
        flows->partner_sent = meter_read(&engine->meters[partner->id][DIRECTION_SEND]);
        flows->partner_received = meter_read(&engine->meters[partner->id][DIRECTION_RECEIVE]);
    }
    return true;
}

void partner_digit(void *owner, uint32_t id, const struct event_digit *digit, int64_t at_ns)
{
    (void)at_ns;
    struct seat *partner = partner_of(owner, id);
    if (partner && digit->direction == DIRECTION_RECEIVE)
        endpoint_partner_digit(partner->endpoint, digit);
}
