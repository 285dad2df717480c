/*
 * event_fields: what an event of each kind is made of, by name. The journal writes and reads events
 * by these tables and JSON lines print them, so a new member is one more line in
 * runner/event/fields.c. Seconds (EVENT_SECOND) have readings.def instead and no fields here.
 */
#ifndef CMTEST_EVENT_FIELDS_H
#define CMTEST_EVENT_FIELDS_H

#include "cmtest/event.h"

enum field_type {
    FIELD_BOOL,
    FIELD_U8,
    FIELD_U16,
    FIELD_U32,
    FIELD_U64,
    FIELD_I32,
    FIELD_I64,
    FIELD_NS,   /* int64_t; EVENT_NONE: absent */
    FIELD_ENUM, /* below word_count; word() names each */
    FIELD_CHAR, /* one printable character */
    FIELD_TEXT, /* char[size], NUL-terminated */
    FIELD_REAL, /* double */
    FIELD_BYTES /* char[size], of which the uint32_t at `length` tells how many are given */
};
#define FIELD_TYPES 13

struct event_field {
    const char *name; /* "reason", "impaired.send.lost" */
    enum field_type type;
    size_t offset, size; /* in struct event, bytes */
    size_t length;       /* of FIELD_BYTES: the offset of its length */
    unsigned word_count;
    const char *(*word)(unsigned value);
};

#define EVENT_KINDS (EVENT_REMOTE + 1)

/* The fields of a kind in their order; *count is how many. */
const struct event_field *event_fields(enum event_kind kind, size_t *count);
/* "phase", "message", ... */
const char *event_kind_name(enum event_kind kind);
/* An integer field of any width, booleans and enumerations included. FIELD_U64 as the same bits. */
int64_t event_field_get(const struct event *event, const struct event_field *field);
/* false, and nothing is changed: the value is none of the field's. */
bool event_field_set(struct event *event, const struct event_field *field, int64_t value);

#endif
