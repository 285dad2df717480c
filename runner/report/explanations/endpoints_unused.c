#include "cmtest/explanation.h"

const struct explanation explanation_endpoints_unused = {
    .code = "endpoints-unused",
    .severity = DIAG_WARNING,
    .title = "The number of endpoints of the spec is used by no group",
    .meaning = "It is what groups take a share of. When each group has a number of its own, it has "
               "no effect.",
    .remedy = "Give a group share in place of endpoints, or remove the number.",
    .bad = "cmtest: 1\n"
           "endpoints: 10\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "endpoints: 10\n"
            "groups:\n"
            "  agents: { registrar: embedded, share: 100% }\n"
            "duration: 10s\n",
};
