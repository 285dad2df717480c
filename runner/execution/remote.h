/* remote: the life of one run on a platform. Private to runner/execution. */
#ifndef CMTEST_EXECUTION_REMOTE_H
#define CMTEST_EXECUTION_REMOTE_H

#include "cmtest/execution.h"

struct remote {
    const struct plan *plan;
    const struct execution_watch *watch;
    const struct execution_remote *asked;
    struct platform_client *client;
    char test[PLATFORM_ID]; /* that is run */
    struct platform_run run;
    int patience;     /* interrupts that are not to end what is under way */
    bool interrupted; /* by the watch; and the run was asked to stop */
    char why[512];    /* why it could not be carried out; empty: it was */
};

/* false: remote->why. Close in both cases. */
bool remote_open(struct remote *remote, const struct plan *plan,
                 const struct execution_watch *watch);
void remote_close(struct remote *remote);

/* Until there is a run with an id. false: remote->why. */
bool remote_start(struct remote *remote);
/* Until it has ended, once more where it had no capacity. false: remote->why, or interrupted. */
bool remote_follow(struct remote *remote);
/* Its figures and events. false: remote->why. */
bool remote_fetch(struct remote *remote, struct platform_sink *sink);

#endif
