#include "cmtest/explanation.h"

const struct explanation explanation_uncalled_endpoints = {
    .code = "uncalled-endpoints",
    .severity = DIAG_WARNING,
    .title = "Some endpoints of a called group are called by nobody",
    .meaning = "Each caller calls one endpoint. The others register and wait, which may be what is "
               "wanted, as load for the registrar.",
    .remedy = "Give the group as many endpoints as it has callers, if it is not.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 3 }\n"
           "  callers: { registrar: embedded, endpoints: 2, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 2 }\n"
            "  callers: { registrar: embedded, endpoints: 2, call: agents }\n"
            "duration: 10s\n",
};
