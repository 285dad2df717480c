#include "timeline.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

/* Behind the first moments there is a ring, which turns once for every RING dropped. */
#define RING (RESULT_TIMELINE_MAX - RESULT_TIMELINE_FIRST)

static void forget(struct result_endpoint *endpoint, struct result_moment *moment)
{
    if (moment->kind == EVENT_MESSAGE) {
        struct result_route *route = moment->message->route;
        if (--route->users == 0) {
            endpoint->route = endpoint->route == route ? NULL : endpoint->route;
            free(route);
        }
    }
    free(moment->owned);
}

static struct result_moment *next(struct result_endpoint *endpoint)
{
    if (endpoint->timeline_count == RESULT_TIMELINE_MAX) {
        struct result_moment *oldest =
            &endpoint->timeline[RESULT_TIMELINE_FIRST + endpoint->timeline_dropped++ % RING];
        forget(endpoint, oldest);
        return oldest;
    }
    if (endpoint->timeline_count == endpoint->timeline_capacity) {
        endpoint->timeline_capacity += endpoint->timeline_capacity / 2 + 8;
        endpoint->timeline =
            mem_grow(endpoint->timeline, endpoint->timeline_capacity, sizeof(*endpoint->timeline));
    }
    return &endpoint->timeline[endpoint->timeline_count++];
}

/* All of a block is written: nobody has to clear it before. */
static void *take_room(size_t size)
{
    return mem_grow(NULL, size, 1);
}

static const char *keep(char **at, const char *word)
{
    size_t size = strlen(word) + 1;
    char *kept = memcpy(*at, word, size);
    *at += size;
    return kept;
}

static bool is_same(const struct result_route *route, const struct event_message *message)
{
    return strcmp(route->call_id, message->call_id) == 0 &&
           strcmp(route->remote, message->remote) == 0 &&
           strcmp(route->local, message->local) == 0 &&
           strcmp(route->transport, message->transport) == 0;
}

static struct result_route *route_of(struct result_endpoint *endpoint,
                                     const struct event_message *message)
{
    struct result_route *route = endpoint->route;
    if (route && is_same(route, message)) {
        route->users++;
        return route;
    }
    route = take_room(sizeof(*route) + strlen(message->call_id) + strlen(message->transport) +
                      strlen(message->local) + strlen(message->remote) + 4);
    char *at = route->words;
    route->users = 1;
    route->call_id = keep(&at, message->call_id);
    route->transport = keep(&at, message->transport);
    route->local = keep(&at, message->local);
    route->remote = keep(&at, message->remote);
    return endpoint->route = route;
}

static struct result_message_facts *facts_of(struct result_endpoint *endpoint,
                                             const struct event_message *message)
{
    struct result_message_facts *facts =
        take_room(sizeof(*facts) + strlen(message->method) + strlen(message->reason) + 2);
    char *at = facts->words;
    facts->sent = message->sent;
    facts->repeated = message->repeated;
    facts->status = message->status;
    facts->cseq = message->cseq;
    facts->length = message->length;
    facts->method = keep(&at, message->method);
    facts->reason = keep(&at, message->reason);
    facts->route = route_of(endpoint, message);
    return facts;
}

void timeline_add(struct result_endpoint *endpoint, const struct event *event)
{
    struct result_moment *moment = next(endpoint);
    *moment = (struct result_moment){.at_ns = event->at_ns, .kind = event->kind};
    if (event->kind == EVENT_PHASE)
        moment->phase = event->phase;
    else if (event->kind == EVENT_MESSAGE)
        moment->message = facts_of(endpoint, &event->message);
    else if (event->kind == EVENT_ACTION)
        moment->owned =
            memcpy(take_room(sizeof(event->action)), &event->action, sizeof(event->action));
    else if (event->kind == EVENT_DIGIT)
        moment->owned =
            memcpy(take_room(sizeof(event->digit)), &event->digit, sizeof(event->digit));
}

void timeline_free(struct result_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        forget(endpoint, &endpoint->timeline[i]);
    free(endpoint->timeline);
}

static void unroll(struct result_endpoint *endpoint)
{
    size_t oldest = endpoint->timeline_dropped % RING;
    if (oldest == 0)
        return;
    struct result_moment *ring = endpoint->timeline + RESULT_TIMELINE_FIRST;
    struct result_moment *turned = mem_array(RING, sizeof(*turned));
    memcpy(turned, ring + oldest, (RING - oldest) * sizeof(*ring));
    memcpy(turned + RING - oldest, ring, oldest * sizeof(*ring));
    memcpy(ring, turned, RING * sizeof(*ring));
    free(turned);
}

/* A message is told when it is read, with the time of its arrival: what happened in between stands
 * before it. Nearly all are in place. */
void timeline_close(struct result_endpoint *endpoint)
{
    unroll(endpoint);
    struct result_moment *list = endpoint->timeline;
    for (size_t i = 1; i < endpoint->timeline_count; i++) {
        size_t at = i;
        struct result_moment moment = list[i];
        for (; at > 0 && list[at - 1].at_ns > moment.at_ns; at--)
            list[at] = list[at - 1];
        list[at] = moment;
    }
}
