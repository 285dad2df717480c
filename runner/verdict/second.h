/* second: what is kept of the seconds of an endpoint (result_seconds). */
#ifndef VERDICT_SECOND_H
#define VERDICT_SECOND_H

#include "cmtest/result.h"

/* at_ns: when it ended. */
void seconds_take(struct result_seconds *seconds, const struct event_second *second, int64_t at_ns);

#endif
