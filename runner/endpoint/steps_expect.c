/* What the steps expect beside an answer: media that flows or stops, digits that arrive. */
#include "cmtest/arena.h"
#include "steps_private.h"

#include <stdlib.h>
#include <string.h>

bool steps_flows(void *who, struct flows *flows)
{
    const struct endpoint *endpoint = who;
    const struct call *call = &endpoint->call;
    *flows = (struct flows){0};
    if (!call->media_started || call->closing || !call->leg || !call->leg->agreed ||
        !endpoint->media->flows ||
        !endpoint->media->flows(endpoint->service, endpoint->config.id, flows))
        return false;
    flows->may_send = session_media_of(call->leg)->may_send;
    flows->may_receive = session_media_of(call->leg)->may_receive;
    return true;
}

void endpoint_partner_digit(struct endpoint *endpoint, const struct event_digit *digit)
{
    if (endpoint->steps && !endpoint->steps->frozen)
        steps_add(endpoint,
                  &(struct news){.kind = NEWS_ARRIVED,
                                 .occurred = {.digit = digit->digit, .method = digit->method},
                                 .duration_ns = digit->duration_ns});
}

bool endpoint_was_moved(const struct endpoint *endpoint)
{
    return endpoint->call.moved;
}

void steps_message(struct endpoint *endpoint, const struct message *message)
{
    struct steps *steps = endpoint->steps;
    if (!steps || !steps->asserts || message->facts.sent || message->facts.repeated ||
        message->facts.status < 200)
        return;
    free(steps->response);
    steps->response = message_copy(message);
    steps->response_length = message->length;
    steps->response_status = message->facts.status;
}
