#include "cmtest/explanation.h"

const struct explanation explanation_missing_group = {
    .code = "missing-group",
    .severity = DIAG_ERROR,
    .title = "The word \"in\" of a threshold has no group behind it",
    .meaning = "\"in callers\" limits a threshold to the endpoints of one group.",
    .remedy = "Name a group, or leave the word out: then all endpoints count.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.time.p99 < 500ms in]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.time.p99 < 500ms in agents]\n",
};
