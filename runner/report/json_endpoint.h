/*
 * json_endpoint: the parts of result.json as jansson values: every function that returns one
 * returns a new reference. Endpoints, of which there are many, are written by json_out. What was
 * not measured is null. Private to runner/report.
 */
#ifndef REPORT_JSON_ENDPOINT_H
#define REPORT_JSON_ENDPOINT_H

#include <jansson.h>
#include "cmtest/report.h"
#include "evidence.h"
#include "json_out.h"

/* Any bytes, as valid UTF-8; null for NULL. */
json_t *json_text(const char *bytes);
/* Seconds, or null for EVENT_NONE. */
json_t *json_seconds(int64_t ns);
/* A number, or null when it is not finite. */
json_t *json_number(double value);
/* "2026-11-21T06:40:45.123456Z" */
json_t *json_time(int64_t at_ns);
json_t *json_count(uint64_t count);

/* Writes all that is known of one. */
void json_endpoint(const struct result *result, uint32_t index, const struct evidence_list *list,
                   struct json_out *out);

/* The machine and the threads of the generator. */
json_t *json_health(const struct result *result);
/* Why the attempts before the last did not pass; and what was the limit here. */
json_t *json_tried(const struct report_run *run);
json_t *json_limits(const struct result *result);

/* What became of each step of the group's scenario. */
json_t *json_steps(const struct result *result, uint32_t group);

#endif
