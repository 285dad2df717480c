#include "cmtest/explanation.h"

const struct explanation explanation_bad_uri = {
    .code = "bad-uri",
    .severity = DIAG_ERROR,
    .title = "A value cannot be called as a URI",
    .meaning = "What is called is the name of a group or a SIP URI such as sip:echo@example.com. A "
               "URI in a spec must not hold a password, since it stands in reports.",
    .remedy = "Write sip:user@host, with characters outside of ASCII and spaces as %XX.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  callers: { registrar: embedded, endpoints: 1, call: \"sip:echo test@example.com\" }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  callers: { registrar: embedded, endpoints: 1, call: \"sip:echo@example.com\" }\n"
            "duration: 10s\n",
};
