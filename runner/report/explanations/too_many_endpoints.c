#include "cmtest/explanation.h"

const struct explanation explanation_too_many_endpoints = {
    .code = "too-many-endpoints",
    .severity = DIAG_ERROR,
    .title = "The groups have too many endpoints together",
    .meaning = "One spec has at most 100,000 of them; a machine reaches its limits before.",
    .remedy = "Lower the numbers, or share the test out to several specs.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 60000 }\n"
           "  callers: { registrar: embedded, endpoints: 60000, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 500 }\n"
            "  callers: { registrar: embedded, endpoints: 500, call: agents }\n"
            "duration: 10s\n",
};
