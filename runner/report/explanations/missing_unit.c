#include "cmtest/explanation.h"

const struct explanation explanation_missing_unit = {
    .code = "missing-unit",
    .severity = DIAG_ERROR,
    .title = "The limit of a threshold has no unit",
    .meaning =
        "Times and shares are written with their unit, so that 5 cannot be read as seconds by "
        "one and as milliseconds by another.",
    .remedy = "Add % to a share, and us, ms, s or m to a time.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.time.p99 < 500]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.time.p99 < 500ms]\n",
};
