/*
 * event_bytes: an event as bytes for another process of the same program: what its kind uses of it,
 * and of a second what is known. Not for files: journal.h.
 */
#ifndef CMTEST_EVENT_BYTES_H
#define CMTEST_EVENT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "cmtest/event.h"

/* The most that one takes. */
#define EVENT_BYTES_MAX (sizeof(struct event) + sizeof(uint64_t))

/* The length. */
size_t event_to_bytes(const struct event *event, uint8_t out[EVENT_BYTES_MAX]);
/* false: these are not the bytes of an event. */
bool event_from_bytes(const uint8_t *bytes, size_t length, struct event *event);

#endif
