#include "cmtest/explanation.h"

const struct explanation explanation_unknown_dscp = {
    .code = "unknown-dscp",
    .severity = DIAG_ERROR,
    .title = "A class of packets is not known",
    .meaning =
        "DSCP marks packets for the network. The common classes have names; any other one is "
        "a number.",
    .remedy = "Use a name that the message shows, or a number from 0 to 63.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { dscp: voice } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { dscp: ef } }\n"
            "duration: 10s\n",
};
