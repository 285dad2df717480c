/*
 * timeline: what happened to an endpoint, in bounded room. Private to runner/verdict.
 */
#ifndef VERDICT_TIMELINE_H
#define VERDICT_TIMELINE_H

#include "cmtest/result.h"

void timeline_add(struct result_endpoint *endpoint, const struct event *event);

/* Puts the moments into the order of their times; once, behind the last timeline_add(). */
void timeline_close(struct result_endpoint *endpoint);

void timeline_free(struct result_endpoint *endpoint);

#endif
