#include "cmtest/explanation.h"

const struct explanation explanation_unknown_severity = {
    .code = "unknown-severity",
    .severity = DIAG_ERROR,
    .title = "A severity of a threshold is not known",
    .meaning = "A threshold that does not hold makes the test fail, or is only told.",
    .remedy = "Use fail or warn.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds:\n"
           "  - { check: registration.time.p99 < 500ms, severity: warning }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds:\n"
            "  - { check: registration.time.p99 < 500ms, severity: warn }\n",
};
