/* crew_private: what crew.c (turns), crew_start.c, and crew_gone.c (a worker that died) share. */
#ifndef CMTEST_EXECUTION_CREW_PRIVATE_H
#define CMTEST_EXECUTION_CREW_PRIVATE_H

#include <sys/types.h>
#include "apart.h"
#include "cmtest/arena.h"
#include "cmtest/share.h"
#include "crew.h"
#include "link.h"

struct member {
    pid_t pid; /* 0: there is none any more */
    int fd;
    bool ready, finished, said_bye;
    struct link_inbox inbox;
    struct event_pacing pacing;
    uint8_t *orders; /* that do not fit into its socket yet */
    size_t order_length;
};

struct crew {
    struct crew_config config;
    struct arena *arena;
    const struct share *share;
    struct apart apart;
    struct member *members;
    uint32_t *unsettled;         /* by group: workers whose callees have not settled */
    bool *owes;                  /* by worker and group: it is one of them */
    bool *closed;                /* by endpoint */
    _Atomic unsigned char *ears; /* by endpoint, shared with the workers: engine.h */
    int64_t started_ns;
    uint32_t backlog;
    bool ending;
    char *why; /* while it starts */
    size_t why_size;
};

/* Waits for anybody, and hears all. */
void crew_hear(struct crew *crew, int64_t until_ns);
bool crew_all(const struct crew *crew, bool (*is)(const struct member *member));
void crew_order_all(struct crew *crew, enum link_kind kind, const void *body, size_t length);
/* The callees of a worker in a group, if it has some, are no more waited for. */
void crew_settled(struct crew *crew, uint32_t worker, uint32_t group);
/* crew_gone.c. The socket of a worker has ended, and so has the worker. */
void crew_reap(struct crew *crew, struct member *member);
/* crew_start.c. false: crew->why. */
bool crew_start_all(struct crew *crew);
/* pacing.c. What several senders tell of themselves, as one. */
void pacing_merge(struct event_pacing *all, const struct event_pacing *one);

#endif
