#include "trace.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "cmtest/text.h"

#include <stdlib.h>
#include <string.h>

/* What a message has to do with the binding that its registration keeps. */
enum binding {
    BINDING_NONE,
    BINDING_ASKED,    /* a refresh that may still fail */
    BINDING_REFRESHED /* one that did not */
};

struct trace_entry {
    struct trace_entry *next; /* newer */
    int64_t at_ns;            /* clock_now() */
    uint32_t length;
    uint32_t number; /* counts all messages */
    bool sent;
    enum binding binding;
    uint8_t local, remote; /* lengths, with their NUL */
    char transport[8];
    char bytes[]; /* local, remote, message */
};

static size_t size_of(const struct trace_entry *entry)
{
    return sizeof *entry + entry->local + entry->remote + entry->length;
}

static struct trace_entry *entry_of(const struct message *message)
{
    const struct event_message *facts = &message->facts;
    size_t local = strlen(facts->local) + 1, remote = strlen(facts->remote) + 1;
    struct trace_entry *entry = mem_alloc(sizeof *entry + local + remote + message->length);
    entry->at_ns = message->at_ns;
    entry->length = (uint32_t)message->length;
    entry->sent = facts->sent;
    entry->binding = strcmp(facts->method, "REGISTER") == 0 ? BINDING_ASKED : BINDING_NONE;
    entry->local = (uint8_t)local;
    entry->remote = (uint8_t)remote;
    memcpy(entry->transport, facts->transport, sizeof entry->transport);
    memcpy(entry->bytes, facts->local, local);
    memcpy(entry->bytes + local, facts->remote, remote);
    memcpy(entry->bytes + local + remote, message->bytes, message->length);
    return entry;
}

static struct trace_entry **first_new(struct trace *trace)
{
    return trace->first_end ? &trace->first_end->next : &trace->oldest;
}

/* before: the entry in front of it; NULL: none. */
static void drop(struct trace *trace, struct trace_entry **link, struct trace_entry *before)
{
    struct trace_entry *entry = *link;
    *link = entry->next;
    if (trace->newest == entry)
        trace->newest = before;
    trace->newest_bytes -= size_of(entry);
    free(entry);
}

/* A long run refreshes again and again, and the next success says all that the last one said. */
static void drop_refreshed(struct trace *trace)
{
    struct trace_entry *before = trace->first_end;
    for (struct trace_entry **link = first_new(trace); *link;) {
        if ((*link)->binding == BINDING_REFRESHED) {
            drop(trace, link, before);
            continue;
        }
        if ((*link)->binding == BINDING_ASKED)
            (*link)->binding = BINDING_REFRESHED;
        before = *link;
        link = &(*link)->next;
    }
}

void trace_add(struct trace *trace, const struct message *message)
{
    if (trace->over || message->length == 0)
        return;
    uint32_t number = trace->count++;
    /* With the longest addresses. */
    if (message->length > TRACE_NEWEST - sizeof(struct trace_entry) - 128)
        return;
    struct trace_entry *entry = entry_of(message);
    size_t size = size_of(entry);
    trace->full |= trace->first_bytes + size > TRACE_FIRST;
    if (!trace->full) {
        trace->first_bytes += size;
        trace->first_end = entry;
    } else {
        while (trace->newest_bytes + size > TRACE_NEWEST)
            drop(trace, first_new(trace), trace->first_end);
        trace->newest_bytes += size;
    }
    entry->number = number;
    if (trace->newest)
        trace->newest->next = entry;
    else
        trace->oldest = entry;
    trace->newest = entry;
    const struct event_message *facts = &message->facts;
    if (trace->full && entry->binding && facts->status >= 200 && facts->status < 300)
        drop_refreshed(trace);
}

/* Masked only here: of most endpoints nobody ever reads what was kept. */
static void emit_entry(struct trace_entry *entry, struct event *event, event_fn *emit, void *to)
{
    struct event_trace *piece = &event->trace;
    char *bytes = entry->bytes + entry->local + entry->remote;
    message_mask(bytes, entry->length);
    event->at_ns = clock_utc(entry->at_ns);
    piece->sent = entry->sent;
    piece->total = entry->length;
    text_copy(piece->transport, sizeof piece->transport, entry->transport);
    text_copy(piece->local, sizeof piece->local, entry->bytes);
    text_copy(piece->remote, sizeof piece->remote, entry->bytes + entry->local);
    for (piece->offset = 0; piece->offset < entry->length; piece->offset += piece->length) {
        uint32_t left = entry->length - piece->offset;
        piece->length = left < EVENT_TRACE_BYTES ? left : EVENT_TRACE_BYTES;
        memcpy(piece->bytes, bytes + piece->offset, piece->length);
        emit(to, event);
    }
}

void trace_emit(struct trace *trace, uint32_t endpoint, event_fn *emit, void *to)
{
    struct event event = {.endpoint = endpoint, .kind = EVENT_TRACE};
    for (struct trace_entry *entry = trace->oldest; entry; entry = entry->next) {
        event.trace.dropped = entry->number - event.trace.message;
        emit_entry(entry, &event, emit, to);
        event.trace.message++;
    }
    trace_free(trace);
}

void trace_free(struct trace *trace)
{
    while (trace->oldest) {
        struct trace_entry *entry = trace->oldest;
        trace->oldest = entry->next;
        free(entry);
    }
    *trace = (struct trace){.over = true};
}
