/*
 * readings: the aggregates of all that seconds of streams tell, which is nearly all that a run
 * tells: 10,000 seconds of 135 readings every second. A second is added to the sums of its group
 * and of all in rows of readings (sums.h), and to the buckets of its group only (spread.h): those
 * of all are made of them when somebody asks. Private to runner/metric.
 */
#ifndef METRIC_READINGS_H
#define METRIC_READINGS_H

#include "cmtest/metric.h"

struct readings;

struct readings *readings_new(const struct roster *roster);
void readings_free(struct readings *readings);
/* An EVENT_SECOND of an endpoint of the roster. */
void readings_take(struct readings *readings, const struct event *event);

/* As those of metric_store, of keys whose metric is of_second. */
const struct aggregate *readings_get(const struct readings *readings, const struct metric_key *key,
                                     uint32_t group);
uint32_t readings_coverage(const struct readings *readings, const struct metric_key *key,
                           uint32_t group);
struct metric_scale readings_scale(const struct readings *readings, const struct metric_key *key,
                                   uint32_t group);
bool readings_cover(const struct readings *readings, const struct metric_key *key,
                    uint32_t endpoint);

#endif
