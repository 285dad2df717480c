#include "reassembly.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/text.h"

static bool is_possible(const struct event_trace *piece)
{
    return piece->length > 0 && piece->length <= EVENT_TRACE_BYTES &&
           piece->offset <= piece->total && piece->length <= piece->total - piece->offset;
}

static bool continues(const struct result_message *message, const struct event_trace *piece)
{
    return message->number == piece->message && message->total == piece->total &&
           message->length == piece->offset;
}

static struct result_message *add(struct result_trace *trace, size_t need, size_t *room)
{
    trace->room += need;
    *room += need;
    if (trace->count == trace->capacity) {
        trace->capacity = trace->capacity ? trace->capacity * 2 : 8;
        trace->messages = mem_grow(trace->messages, trace->capacity, sizeof(*trace->messages));
    }
    return &trace->messages[trace->count++];
}

static struct result_message *begin(struct result_trace *trace, const struct event *event,
                                    size_t *room)
{
    const struct event_trace *piece = &event->trace;
    size_t need = sizeof(struct result_message) + (size_t)piece->total;
    if (need > RESULT_TRACE_MAX - trace->room || need > RESULT_TRACES_MAX - *room) {
        trace->left_out++;
        return NULL;
    }
    struct result_message *message = add(trace, need, room);
    *message = (struct result_message){
        .at_ns = event->at_ns,
        .number = piece->message,
        .sent = piece->sent,
        .missing = trace->left_out,
        .total = piece->total,
        .bytes = mem_alloc(piece->total),
    };
    trace->left_out = 0;
    if (piece->dropped > trace->told) {
        message->missing += piece->dropped - trace->told;
        trace->told = piece->dropped;
    }
    text_copy(message->transport, sizeof(message->transport), piece->transport);
    text_copy(message->local, sizeof(message->local), piece->local);
    text_copy(message->remote, sizeof(message->remote), piece->remote);
    return message;
}

void reassembly_take(struct result_trace *trace, const struct event *event, size_t *room)
{
    const struct event_trace *piece = &event->trace;
    struct result_message *last = trace->count > 0 ? &trace->messages[trace->count - 1] : NULL;
    if (!is_possible(piece))
        return;
    if (piece->offset == 0 && (!last || piece->message > last->number))
        last = begin(trace, event, room);
    else if (last && !continues(last, piece))
        last = NULL;
    if (!last)
        return;
    memcpy(last->bytes + last->length, piece->bytes, piece->length);
    last->length += piece->length;
}

void reassembly_free(struct result_trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        free(trace->messages[i].bytes);
    free(trace->messages);
}
