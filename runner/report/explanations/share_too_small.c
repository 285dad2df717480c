#include "cmtest/explanation.h"

const struct explanation explanation_share_too_small = {
    .code = "share-too-small",
    .severity = DIAG_ERROR,
    .title = "The share of a group is less than one endpoint",
    .meaning = "A group without endpoints does nothing, and its thresholds would have no data.",
    .remedy = "Raise the share, or the number of endpoints.",
    .bad = "cmtest: 1\n"
           "endpoints: 10\n"
           "groups:\n"
           "  agents: { registrar: embedded, share: 1% }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "endpoints: 100\n"
            "groups:\n"
            "  agents: { registrar: embedded, share: 1% }\n"
            "duration: 10s\n",
};
