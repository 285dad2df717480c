#include "cmtest/explanation.h"

const struct explanation explanation_reserved_header = {
    .code = "reserved-header",
    .severity = DIAG_ERROR,
    .title = "A header cannot be set, because the protocol writes it",
    .meaning =
        "A second Via or a wrong CSeq would break the call in a way that says nothing of the "
        "system under test.",
    .remedy = "Remove it. For many of them there is a key of its own, which the hint names.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    headers: { From: \"sip:100@example.com\" }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    caller_id: sip:100@example.com\n"
            "    headers: { X-Test: gate }\n"
            "duration: 10s\n",
};
