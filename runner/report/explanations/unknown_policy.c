#include "cmtest/explanation.h"

const struct explanation explanation_unknown_policy = {
    .code = "unknown-policy",
    .severity = DIAG_ERROR,
    .title = "A policy of media security is not known",
    .meaning = "It says whether a call without encryption may go on.",
    .remedy = "Use required or optional.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { security: { mode: sdes, policy: preferred } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { security: { mode: sdes, policy: optional } }\n"
            "duration: 10s\n",
};
