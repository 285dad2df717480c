/*
 * json_event: an event as one line of JSON, for `--events` and the export jsonl. Pure.
 *
 *   {"time": "2026-11-21T18:00:00.123456789Z", "event": "call", "endpoint": "callers[3]",
 *    "result": "answered", "setup_ns": 81000000, "trying_ns": null, ...}
 *
 * The members behind "endpoint" (null: of no endpoint) are those of event_fields.h, flat and under
 * the same names; times in ns, null when they were not measured; bytes that are no UTF-8 are
 * U+FFFD. A second has "direction", "second", "length_ms", "agreed", "scale" (null: no quality was
 * told), "provisional" and "readings", an object of those that are known, in the units of
 * readings.def.
 */
#ifndef CMTEST_JSON_EVENT_H
#define CMTEST_JSON_EVENT_H

#include "cmtest/event.h"
#include "cmtest/text.h"

/* Appends the line with its newline. */
void json_event(const struct roster *roster, const struct event *event, struct text *out);

/* A number as short as it can be read back to the last bit; null when it is not finite. */
void json_event_number(double value, struct text *out);

#endif
