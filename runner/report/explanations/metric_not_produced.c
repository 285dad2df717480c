#include "cmtest/explanation.h"

const struct explanation explanation_metric_not_produced = {
    .code = "metric-not-produced",
    .severity = DIAG_ERROR,
    .title = "A threshold is about a metric that this spec cannot give",
    .meaning =
        "Without a sample a threshold fails, since no data is no proof. That no endpoint can "
        "ever give one is known before the test.",
    .remedy = "Remove the threshold, give it another group, or add endpoints that make calls.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [post_dial_delay.p95 < 2s]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n"
            "thresholds: [post_dial_delay.p95 < 2s]\n",
};
