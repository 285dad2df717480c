#include "cmtest/explanation.h"

const struct explanation explanation_shares_too_large = {
    .code = "shares-too-large",
    .severity = DIAG_ERROR,
    .title = "The shares of all groups are more than the whole",
    .meaning = "They are parts of one number of endpoints, and cannot be more than 100% together.",
    .remedy = "Lower them.",
    .bad = "cmtest: 1\n"
           "endpoints: 10\n"
           "groups:\n"
           "  agents: { registrar: embedded, share: 60% }\n"
           "  callers: { registrar: embedded, share: 60%, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "endpoints: 10\n"
            "groups:\n"
            "  agents: { registrar: embedded, share: 50% }\n"
            "  callers: { registrar: embedded, share: 50%, call: agents }\n"
            "duration: 10s\n",
};
