#include "cmtest/explanation.h"

const struct explanation explanation_unknown_security = {
    .code = "unknown-security",
    .severity = DIAG_ERROR,
    .title = "A way to secure media is not known",
    .meaning = "It says where the keys of SRTP come from: the SDP, or a handshake of DTLS.",
    .remedy = "Use none, sdes, dtls or dual.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { security: srtp } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { security: sdes } }\n"
            "duration: 10s\n",
};
