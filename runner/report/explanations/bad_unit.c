#include "cmtest/explanation.h"

const struct explanation explanation_bad_unit = {
    .code = "bad-unit",
    .severity = DIAG_ERROR,
    .title = "The limit of a threshold has a unit that its metric does not have",
    .meaning =
        "Shares are given in %, times in us, ms, s or m, bit rates in bps, kbps or Mbps, levels in "
        "dBov or dBm0, clocks in ppm; scores and counts have no unit.",
    .remedy = "Use a unit of the metric. `cmtest list metrics` shows them.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "thresholds: [registration.time.p99 < 500%]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n"
            "thresholds: [registration.time.p99 < 500ms]\n",
};
