/*
 * health: the account that a thread of the generator keeps of itself, and what the machine can do.
 * A thread owns its account; nothing here is shared.
 */
#ifndef CMTEST_HEALTH_H
#define CMTEST_HEALTH_H

#include "cmtest/estimate.h"
#include "cmtest/event.h"
#include "cmtest/loop.h"

/* Between two EVENT_HEALTHs of a thread. */
#define HEALTH_NS NS_PER_S

struct health {
    struct event_health now; /* its owner counts asked, done, received, dropped, queue, refused */
    int64_t since_ns;
    struct thread_usage usage;
};

/* On the thread that it is about, as the next one. */
void health_begin(struct health *health, const char *thread, uint32_t worker);
/* The event of what was since the last one; counting begins anew. lag NULL: it keeps no times. */
void health_close(struct health *health, int64_t now, const struct loop_lag *lag, uint32_t backlog,
                  struct event *event);

enum health_refusal health_refusal_of(int error);

/* What the kernel dropped at a socket because its receive queue was full, since it was opened, and
 * the room of that queue in bytes. false: it does not tell. */
bool health_socket(int fd, uint32_t *dropped, uint32_t *queue);

/* Processor time that a datagram to itself takes here, measured for about budget_ns; EVENT_NONE: it
 * could not be. Blocks. */
int64_t health_pair_ns(int64_t budget_ns);

/* What a machine can do now: sends and receives on loopback, sleeps, and is busy, for about
 * budget_ns. Blocks. Then what the plan is estimated to need of it. */
void health_calibrate(int64_t budget_ns, const struct machine *machine,
                      const struct estimate *estimate, struct event_machine *out);

#endif
