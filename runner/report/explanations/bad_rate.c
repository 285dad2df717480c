#include "cmtest/explanation.h"

const struct explanation explanation_bad_rate = {
    .code = "bad-rate",
    .severity = DIAG_ERROR,
    .title = "A rate does not say of which time",
    .meaning = "Ten calls a second and ten calls an hour are different tests.",
    .remedy = "Write it like 10/s, 90/m or 3600/h.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
           "duration: 10s\n"
           "load: { rate: 10 }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n"
            "load: { rate: 10/s }\n",
};
