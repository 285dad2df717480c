#include "cmtest/explanation.h"

const struct explanation explanation_odd_group = {
    .code = "odd-group",
    .severity = DIAG_ERROR,
    .title = "A group that calls itself has an odd number of endpoints",
    .meaning = "One half of the group calls the other half. With an odd number one endpoint would "
               "have nobody to call.",
    .remedy = "Use an even number.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 3, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 4, call: agents }\n"
            "duration: 10s\n",
};
