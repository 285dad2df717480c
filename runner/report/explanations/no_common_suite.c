#include "cmtest/explanation.h"

const struct explanation explanation_no_common_suite = {
    .code = "no-common-suite",
    .severity = DIAG_ERROR,
    .title = "Two groups that call each other have no SRTP suite in common",
    .meaning =
        "A suite is the cipher and the authentication of SRTP. Without a common one no media "
        "can be understood.",
    .remedy = "Give both at least one suite that is the same.",
    .bad = "cmtest: 1\n"
           "x-one: &one { mode: sdes, suites: [AEAD_AES_256_GCM] }\n"
           "x-two: &two { mode: sdes, suites: [AES_CM_128_HMAC_SHA1_80] }\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { security: *one } }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { security: *two "
           "} }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "x-one: &one { mode: sdes, suites: [AEAD_AES_256_GCM, AES_CM_128_HMAC_SHA1_80] }\n"
            "x-two: &two { mode: sdes, suites: [AES_CM_128_HMAC_SHA1_80] }\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { security: *one } }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { security: *two "
            "} }\n"
            "duration: 10s\n",
};
