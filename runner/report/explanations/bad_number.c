#include "cmtest/explanation.h"

const struct explanation explanation_bad_number = {
    .code = "bad-number",
    .severity = DIAG_ERROR,
    .title = "The limit is not a number that its metric can have",
    .meaning =
        "Behind the comparison stands a number of digits, with a point for decimals and "
        "without marks between thousands. A limit that the metric can never reach is refused "
        "too, since such a threshold would always fail or always pass.",
    .remedy = "Write it like 99.5%, 3.8 or 200ms, inside of what the metric can be.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.success_rate >= 110%]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.success_rate >= 99.5%]\n",
};
