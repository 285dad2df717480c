#include "cmtest/explanation.h"

const struct explanation explanation_unknown_phase = {
    .code = "unknown-phase",
    .severity = DIAG_ERROR,
    .title = "A phase of the test is not known",
    .meaning = "A threshold can look at a part of the test only.",
    .remedy = "Use all, ramp, steady, or a phase of endpoints: registered, calling, ringing, "
              "negotiating, incall.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds:\n"
           "  - { check: registration.time.p99 < 500ms, phase: stable }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds:\n"
            "  - { check: registration.time.p99 < 500ms, phase: steady }\n",
};
