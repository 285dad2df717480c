#include "cmtest/explanation.h"

const struct explanation explanation_unknown_distribution = {
    .code = "unknown-distribution",
    .severity = DIAG_ERROR,
    .title = "A distribution of call lengths is not known",
    .meaning = "It says how the lengths of calls are spread: all equal, evenly, as calls of people "
               "are, or around a mean.",
    .remedy = "Use fixed, uniform, exponential or normal.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
           "duration: 10s\n"
           "load: { call_length: { distribution: poisson, mean: 60s } }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n"
            "load: { call_length: { distribution: exponential, mean: 60s } }\n",
};
