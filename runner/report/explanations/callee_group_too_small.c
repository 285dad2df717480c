#include "cmtest/explanation.h"

const struct explanation explanation_callee_group_too_small = {
    .code = "callee-group-too-small",
    .severity = DIAG_ERROR,
    .title = "A group is called by more endpoints than it has",
    .meaning =
        "Each caller gets an endpoint of its own to call, so that every call can be told from "
        "the others. A group with fewer endpoints than callers would leave some calls without "
        "an answer.",
    .remedy = "Give the called group as many endpoints as all of its callers have together.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 2 }\n"
           "  callers: { registrar: embedded, endpoints: 3, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 3 }\n"
            "  callers: { registrar: embedded, endpoints: 3, call: agents }\n"
            "duration: 10s\n",
};
