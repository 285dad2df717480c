/* backoff: how long to wait before a request is repeated. Pure. */
#ifndef PLATFORM_BACKOFF_H
#define PLATFORM_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>
#include "cmtest/random.h"

#define BACKOFF_MOST_NS (INT64_C(30) * 1000 * 1000 * 1000)
/* A server that asks for more is not waited for. */
#define BACKOFF_ASKED_NS (INT64_C(300) * 1000 * 1000 * 1000)

struct backoff {
    struct random random;
    int64_t first_ns;
    unsigned count; /* so far */
};

void backoff_init(struct backoff *backoff, int64_t first_ns, uint64_t seed);
/* The next pause: between half and all of what doubles each time, up to BACKOFF_MOST_NS; not less
 * than the server asked for (asked_ns, -1: nothing). -1: it asks for too much. */
int64_t backoff_next(struct backoff *backoff, int64_t asked_ns);

#endif
