#include "cmtest/explanation.h"

const struct explanation explanation_bad_percent = {
    .code = "bad-percent",
    .severity = DIAG_ERROR,
    .title = "A percentage has no %",
    .meaning =
        "Shares are written with the mark, so that 0.5 cannot be read as a half by one and as "
        "half a percent by another.",
    .remedy = "Write it like 50% or 99.5%.",
    .bad = "cmtest: 1\n"
           "endpoints: 10\n"
           "groups:\n"
           "  agents: { registrar: embedded, share: 0.5 }\n"
           "  callers: { registrar: embedded, share: 50%, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "endpoints: 10\n"
            "groups:\n"
            "  agents: { registrar: embedded, share: 50% }\n"
            "  callers: { registrar: embedded, share: 50%, call: agents }\n"
            "duration: 10s\n",
};
