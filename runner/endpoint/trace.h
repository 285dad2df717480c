/*
 * trace: the messages of one endpoint as they were on the wire, in bounded memory: how it began is
 * kept for ever, of the rest the newest; but of the refreshes of its registration that went well
 * the last alone. What it gives is masked. A struct trace is embedded, zeroed before first use.
 *
 * Messages of one endpoint have most of their lines in common, and of most endpoints nobody ever
 * reads them: those of the beginning may be packed, to a quarter of their room.
 */
#ifndef CMTEST_TRACE_H
#define CMTEST_TRACE_H

#include "cmtest/event.h"
#include "cmtest/message.h"

/* Bytes of messages, with their addresses: a registration and the beginning of a call, and room for
 * its end. Nearly every endpoint needs less than the first. */
#define TRACE_FIRST ((size_t)8 * 1024)
#define TRACE_NEWEST ((size_t)16 * 1024)

struct trace_entry;

struct trace {
    struct trace_entry *oldest, *newest; /* that are not packed */
    struct trace_entry *first_end;       /* the last that is kept for ever */
    size_t first_bytes, newest_bytes;
    void *packed; /* those before them; NULL: none */
    uint32_t packed_size, plain_size;
    uint32_t count; /* of all messages, the dropped ones too */
    bool full;      /* the first part */
    bool over;      /* given or dropped: nothing is kept any more */
};

/* Copies it as it is, credentials included: to mask costs as much as to send. */
void trace_add(struct trace *trace, const struct message *message);
/* For an endpoint that will be quiet for a while. */
void trace_pack(struct trace *trace);
/* Gives all as EVENT_TRACE, masked, in order, and frees them; without effect when called again. */
void trace_emit(struct trace *trace, uint32_t endpoint, event_fn *emit, void *to);
/* Frees, and keeps nothing from now on. */
void trace_free(struct trace *trace);

#endif
