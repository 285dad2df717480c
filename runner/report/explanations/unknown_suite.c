#include "cmtest/explanation.h"

const struct explanation explanation_unknown_suite = {
    .code = "unknown-suite",
    .severity = DIAG_ERROR,
    .title = "An SRTP suite is not known",
    .meaning = "The suites have the names that SDP gives them (RFC 4568, RFC 6188, RFC 7714).",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { security: { mode: sdes, suites: [AES_128] } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { security: { mode: sdes, suites: [AES_CM_128_HMAC_SHA1_80] } }\n"
            "duration: 10s\n",
};
