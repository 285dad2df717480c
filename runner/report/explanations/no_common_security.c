#include "cmtest/explanation.h"

const struct explanation explanation_no_common_security = {
    .code = "no-common-security",
    .severity = DIAG_ERROR,
    .title = "Two groups that call each other secure media in different ways",
    .meaning =
        "One offers only what the other does not accept, so that every call would be refused "
        "with 488 Not Acceptable Here.",
    .remedy = "Give both one mode, or make it optional on one side.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { security: dtls } }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { security: sdes "
           "} }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { security: sdes } }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { security: sdes "
            "} }\n"
            "duration: 10s\n",
};
