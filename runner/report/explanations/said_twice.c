#include "cmtest/explanation.h"

const struct explanation explanation_said_twice = {
    .code = "said-twice",
    .severity = DIAG_ERROR,
    .title = "A threshold says the same thing in two places",
    .meaning =
        "The group and the severity may stand in the check (\"in callers warn\") or in keys of "
        "their own. With both it is not clear which one holds.",
    .remedy = "Remove one of them.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds:\n"
           "  - { check: registration.time.p99 < 500ms in agents, group: agents }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds:\n"
            "  - { check: registration.time.p99 < 500ms, group: agents }\n",
};
