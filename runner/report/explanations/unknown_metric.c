#include "cmtest/explanation.h"

const struct explanation explanation_unknown_metric = {
    .code = "unknown-metric",
    .severity = DIAG_ERROR,
    .title = "A threshold is about a metric that is not known",
    .meaning = "Metrics of media have a direction before the name, send or receive, seen from the "
               "endpoint. The others have none.",
    .remedy = "Use one of those that `cmtest list metrics` shows.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.sucess_rate >= 100%]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.success_rate >= 100%]\n",
};
