#include "cmtest/explanation.h"

const struct explanation explanation_bad_comparison = {
    .code = "bad-comparison",
    .severity = DIAG_ERROR,
    .title = "A threshold has no comparison between its metric and its limit",
    .meaning = "A threshold says what must hold: a metric, one of >= <= > < == !=, and a limit.",
    .remedy = "Write one of the six. Note that it is >= and not =>.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.success_rate => 100%]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.success_rate >= 100%]\n",
};
