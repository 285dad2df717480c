#include "cmtest/explanation.h"

const struct explanation explanation_exec_not_allowed = {
    .code = "exec-not-allowed",
    .severity = DIAG_ERROR,
    .title = "A step runs a command, and that was not allowed",
    .meaning = "The action exec hands a command to /bin/sh on this machine, with your rights. "
               "Nobody who only wants to place calls is to find out afterwards, so nothing is run, "
               "and no call is placed, unless it was said that commands may be run.",
    .remedy = "Read the command, then run the spec with --allow-exec; or take the step out.",
};
