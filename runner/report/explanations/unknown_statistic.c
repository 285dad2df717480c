#include "cmtest/explanation.h"

const struct explanation explanation_unknown_statistic = {
    .code = "unknown-statistic",
    .severity = DIAG_ERROR,
    .title = "A threshold asks for a statistic that is not known",
    .meaning =
        "There are avg, min, max, sum, count, rate, median, stddev and the percentiles p1 to "
        "p99, also with decimals: p99.9. A rate is a single share and has only count and rate.",
    .remedy = "Use one of these. The mean is avg, the standard deviation stddev.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.time.middle < 500ms]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.time.p50 < 500ms]\n",
};
