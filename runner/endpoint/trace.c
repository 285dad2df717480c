#include "trace.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "cmtest/text.h"

#include <stdalign.h>
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
    struct trace_entry *entry = mem_grow(NULL, sizeof *entry + local + remote + message->length, 1);
    *entry = (struct trace_entry){0};
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

/* In a row of entries each begins where one may. */
static size_t room_of(const struct trace_entry *entry)
{
    size_t step = alignof(struct trace_entry);
    return (size_of(entry) + step - 1) / step * step;
}

static bool unpack(const struct trace *trace, char *plain)
{
    return !trace->packed || compactor_unpack(trace->compactor, trace->packed, trace->packed_size,
                                              trace->pattern, plain, trace->plain_size);
}

static struct trace_entry *after_first(const struct trace *trace)
{
    return trace->first_end ? trace->first_end->next : trace->oldest;
}

static void replace_packed(struct trace *trace, void *packed, size_t packed_size, size_t plain_size)
{
    struct trace_entry *end = after_first(trace);
    free(trace->packed);
    trace->packed = packed;
    trace->packed_size = (uint32_t)packed_size;
    trace->plain_size = (uint32_t)plain_size;
    while (trace->oldest != end) {
        struct trace_entry *entry = trace->oldest;
        trace->oldest = entry->next;
        free(entry);
    }
    trace->first_end = NULL;
    if (!end)
        trace->newest = NULL;
}

void trace_rest(struct trace *trace, struct compactor *compactor)
{
    if (!compactor || trace->over)
        return;
    trace->compactor = compactor;
    compactor_rest(compactor, trace);
}

void trace_pack(struct trace *trace)
{
    const struct trace_entry *end = after_first(trace);
    size_t size = trace->plain_size, packed_size;
    uint32_t pattern;
    for (const struct trace_entry *entry = trace->oldest; entry != end; entry = entry->next)
        size += room_of(entry);
    if (size == trace->plain_size)
        return;
    char *plain = mem_alloc(size), *to = plain + trace->plain_size;
    bool good = unpack(trace, plain);
    for (struct trace_entry *entry = trace->oldest; entry != end; entry = entry->next) {
        memcpy(to, entry, size_of(entry));
        memset(to, 0, sizeof entry->next);
        to += room_of(entry);
    }
    void *packed =
        good ? compactor_pack(trace->compactor, plain, size, &packed_size, &pattern) : NULL;
    free(plain);
    if (packed) {
        replace_packed(trace, packed, packed_size, size);
        trace->pattern = pattern;
    }
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
    trace->newest_bytes -= (uint32_t)size_of(entry);
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
        trace->first_bytes += (uint32_t)size;
        trace->first_end = entry;
    } else {
        while (trace->newest_bytes + size > TRACE_NEWEST)
            drop(trace, first_new(trace), trace->first_end);
        trace->newest_bytes += (uint32_t)size;
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

/* The event says how many messages came before. */
static void emit_message(struct trace_entry *entry, struct event *event, event_fn *emit, void *to)
{
    event->trace.dropped = entry->number - event->trace.message;
    emit_entry(entry, event, emit, to);
    event->trace.message++;
}

void trace_emit(struct trace *trace, uint32_t endpoint, event_fn *emit, void *to)
{
    struct event event = {.endpoint = endpoint, .kind = EVENT_TRACE};
    char *plain = trace->packed ? mem_alloc(trace->plain_size) : NULL;
    if (plain && unpack(trace, plain)) {
        size_t step;
        for (size_t at = 0; at < trace->plain_size; at += step) {
            struct trace_entry *entry = (struct trace_entry *)(void *)(plain + at);
            step = room_of(entry);
            emit_message(entry, &event, emit, to);
        }
    }
    free(plain);
    for (struct trace_entry *entry = trace->oldest; entry; entry = entry->next)
        emit_message(entry, &event, emit, to);
    trace_free(trace);
}

void trace_free(struct trace *trace)
{
    while (trace->oldest) {
        struct trace_entry *entry = trace->oldest;
        trace->oldest = entry->next;
        free(entry);
    }
    free(trace->packed);
    if (trace->compactor)
        compactor_rise(trace->compactor, trace);
    *trace = (struct trace){.over = true};
}
