/*
 * reassembly: the messages of an endpoint, put together from pieces that may lie about themselves.
 * Private to runner/verdict.
 */
#ifndef VERDICT_REASSEMBLY_H
#define VERDICT_REASSEMBLY_H

#include "cmtest/result.h"

/* An EVENT_TRACE. *room: what all traces take so far. A piece that does not continue the last
 * message, nor begins a later one, is ignored. */
void reassembly_take(struct result_trace *trace, const struct event *event, size_t *room);
void reassembly_free(struct result_trace *trace);

#endif
