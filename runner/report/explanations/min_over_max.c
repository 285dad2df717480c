#include "cmtest/explanation.h"

const struct explanation explanation_min_over_max = {
    .code = "min-over-max",
    .severity = DIAG_ERROR,
    .title = "The shortest call is longer than the longest",
    .meaning = "No call can be longer than min and shorter than max.",
    .remedy = "Exchange them.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
           "duration: 10s\n"
           "load: { call_length: { distribution: uniform, min: 60s, max: 5s } }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n"
            "load: { call_length: { distribution: uniform, min: 5s, max: 60s } }\n",
};
