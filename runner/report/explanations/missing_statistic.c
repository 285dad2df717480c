#include "cmtest/explanation.h"

const struct explanation explanation_missing_statistic = {
    .code = "missing-statistic",
    .severity = DIAG_ERROR,
    .title = "A threshold does not say which of many values it means",
    .meaning =
        "A metric such as post_dial_delay has a value for every call, and a limit is for one "
        "number: the average, the lowest, the highest, or a percentile. A percentile tells of "
        "the worst cases, which an average hides.",
    .remedy = "Add .avg, .min, .max, .count or a percentile from .p1 to .p99.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.time < 500ms]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.time.p99 < 500ms]\n",
};
