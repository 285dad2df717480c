#include "timeline.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

/* Behind the first moments there is a ring, which turns once for every RING dropped. */
#define RING (RESULT_TIMELINE_MAX - RESULT_TIMELINE_FIRST)

static struct result_moment *next(struct result_endpoint *endpoint)
{
    if (endpoint->timeline_count == RESULT_TIMELINE_MAX) {
        struct result_moment *oldest =
            &endpoint->timeline[RESULT_TIMELINE_FIRST + endpoint->timeline_dropped++ % RING];
        free(oldest->owned);
        return oldest;
    }
    if (endpoint->timeline_count == endpoint->timeline_capacity) {
        endpoint->timeline_capacity += endpoint->timeline_capacity / 2 + 8;
        endpoint->timeline =
            mem_grow(endpoint->timeline, endpoint->timeline_capacity, sizeof(*endpoint->timeline));
    }
    return &endpoint->timeline[endpoint->timeline_count++];
}

static const char *keep(char **at, const char *word)
{
    size_t size = strlen(word) + 1;
    char *kept = memcpy(*at, word, size);
    *at += size;
    return kept;
}

static void keep_message(struct result_moment *moment, const struct event_message *message)
{
    const char *const words[] = {message->method,    message->reason, message->call_id,
                                 message->transport, message->local,  message->remote};
    struct result_message_facts *facts = &moment->message;
    size_t size = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        size += strlen(words[i]) + 1;
    char *at = moment->owned = mem_alloc(size);
    facts->sent = message->sent;
    facts->repeated = message->repeated;
    facts->status = message->status;
    facts->cseq = message->cseq;
    facts->length = message->length;
    facts->method = keep(&at, message->method);
    facts->reason = keep(&at, message->reason);
    facts->call_id = keep(&at, message->call_id);
    facts->transport = keep(&at, message->transport);
    facts->local = keep(&at, message->local);
    facts->remote = keep(&at, message->remote);
}

void timeline_add(struct result_endpoint *endpoint, const struct event *event)
{
    struct result_moment *moment = next(endpoint);
    memset(moment, 0, sizeof(*moment));
    moment->at_ns = event->at_ns;
    moment->kind = event->kind;
    if (event->kind == EVENT_PHASE)
        moment->phase = event->phase;
    else if (event->kind == EVENT_MESSAGE)
        keep_message(moment, &event->message);
    else if (event->kind == EVENT_ACTION)
        moment->action = moment->owned =
            memcpy(mem_alloc(sizeof(event->action)), &event->action, sizeof(event->action));
    else if (event->kind == EVENT_DIGIT)
        moment->digit = event->digit;
}

void timeline_free(struct result_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        free(endpoint->timeline[i].owned);
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
