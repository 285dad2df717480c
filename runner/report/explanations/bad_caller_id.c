#include "cmtest/explanation.h"

const struct explanation explanation_bad_caller_id = {
    .code = "bad-caller-id",
    .severity = DIAG_ERROR,
    .title = "A value cannot be a caller id",
    .meaning =
        "The caller id becomes the From of a call: the user part of an address, or a name in "
        "quotes with a URI behind it.",
    .remedy =
        "Write 100, sip:100@example.com, or '\"Front Desk\" <sip:100@example.com>'. The outer "
        "quotes are YAML's.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    caller_id: Front Desk\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    caller_id: '\"Front Desk\" <sip:100@example.com>'\n"
            "duration: 10s\n",
};
