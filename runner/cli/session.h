/* session: runs the cases of an invocation one after another, and reports them together. */
#ifndef CMTEST_CLI_SESSION_H
#define CMTEST_CLI_SESSION_H

#include "batch.h"

#define SESSION_OUT "cmtest-out"

/* The exit code. */
int session_run(struct batch *batch, const struct options *options);

#endif
