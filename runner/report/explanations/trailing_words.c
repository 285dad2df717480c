#include "cmtest/explanation.h"

const struct explanation explanation_trailing_words = {
    .code = "trailing-words",
    .severity = DIAG_ERROR,
    .title = "Something stands behind a threshold that is no part of it",
    .meaning =
        "After the limit may come \"in\" with a group, and then \"warn\". Anything else would be "
        "ignored, and the threshold would not be the one that is meant.",
    .remedy = "Remove it; write each condition as a threshold of its own.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.time.p99 < 500ms and more]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.time.p99 < 500ms in agents warn]\n",
};
