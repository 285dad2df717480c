/*
 * json_out: JSON as text, a value at a time, without a tree of it in memory: what there is of every
 * endpoint is most of a result.json. The bytes are those that jansson would write. Private to
 * runner/report.
 *
 * name: of a member; NULL: an element of a list.
 */
#ifndef REPORT_JSON_OUT_H
#define REPORT_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/text.h"

struct json_out {
    struct text *text; /* borrowed */
    bool any;          /* there is a value before the next one */
    int64_t second;    /* of which date is: many times are of one */
    char date[32];
};

/* bracket: '{' or '['. */
void json_out_open(struct json_out *out, const char *name, char bracket);
/* bracket: '}' or ']'. */
void json_out_close(struct json_out *out, char bracket);

void json_out_null(struct json_out *out, const char *name);
void json_out_bool(struct json_out *out, const char *name, bool value);
void json_out_number(struct json_out *out, const char *name, int64_t value);
/* Any bytes, as valid UTF-8. */
void json_out_bytes(struct json_out *out, const char *name, const char *bytes, size_t length);
/* null for NULL. */
void json_out_text(struct json_out *out, const char *name, const char *bytes);
/* null when there is nothing in it. */
void json_out_words(struct json_out *out, const char *name, const char *bytes);
/* Seconds, or null for EVENT_NONE; and the same in milliseconds. */
void json_out_seconds(struct json_out *out, const char *name, int64_t ns);
void json_out_ms(struct json_out *out, const char *name, int64_t ns);
/* "2026-11-21T06:40:45.123456Z" */
void json_out_time(struct json_out *out, const char *name, int64_t at_ns);

#endif
