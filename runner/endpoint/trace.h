/*
 * trace: the messages of one endpoint as they were on the wire, in bounded memory: how it began is
 * kept for ever, of the rest the newest; but of the refreshes of its registration that went well
 * the last alone. What it gives is masked. A struct trace is embedded, zeroed before first use.
 *
 * Of most endpoints nobody ever reads them: those of the beginning are packed once the endpoint has
 * nothing to do (compactor.h).
 */
#ifndef CMTEST_TRACE_H
#define CMTEST_TRACE_H

#include "cmtest/compactor.h"
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
    void *packed;                        /* those before them; NULL: none */
    struct compactor *compactor;         /* where it rests, or did; NULL */
    uint32_t first_bytes, newest_bytes;
    uint32_t packed_size, plain_size;
    uint32_t pattern; /* bytes of it that they are packed by */
    uint32_t count;   /* of all messages, the dropped ones too */
    uint8_t place;    /* among those that rest, from 1; 0: it is none */
    bool full;        /* the first part */
    bool over;        /* given or dropped: nothing is kept any more */
};

/* Copies it as it is, credentials included: to mask costs as much as to send. */
void trace_add(struct trace *trace, const struct message *message);
/* The endpoint has nothing to do: packed when others have come to rest behind it. compactor: the
 * same one in all its life; NULL: it stays as it is. */
void trace_rest(struct trace *trace, struct compactor *compactor);
/* Of one that rests, or did. */
void trace_pack(struct trace *trace);
/* Gives all as EVENT_TRACE, masked, in order, and frees them; without effect when called again. */
void trace_emit(struct trace *trace, uint32_t endpoint, event_fn *emit, void *to);
/* Frees, and keeps nothing from now on. */
void trace_free(struct trace *trace);

/* ---- compactor.c ---- */

/* Packs who has rested the longest, when there are many. */
void compactor_rest(struct compactor *compactor, struct trace *trace);
/* It rests no longer; without effect when it does not. */
void compactor_rise(struct compactor *compactor, struct trace *trace);
/* Of malloc(), *size bytes; NULL: it cannot be. *pattern: to unpack it with. */
void *compactor_pack(struct compactor *compactor, const char *plain, size_t length, size_t *size,
                     uint32_t *pattern);
/* false: it did not give length bytes. */
bool compactor_unpack(struct compactor *compactor, const void *packed, size_t size,
                      uint32_t pattern, char *plain, size_t length);

#endif
