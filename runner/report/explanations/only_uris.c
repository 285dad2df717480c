#include "cmtest/explanation.h"

const struct explanation explanation_only_uris = {
    .code = "only-uris",
    .severity = DIAG_ERROR,
    .title = "A list of targets holds the name of a group",
    .meaning =
        "Several targets are called by turns, which only URIs can be: an endpoint of a group "
        "has one caller of its own.",
    .remedy = "Split the group that calls, one for each target.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: [agents, "
           "\"sip:echo@example.com\"] }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 2\n"
            "    call: [\"sip:echo@example.com\", \"sip:time@example.com\"]\n"
            "duration: 10s\n",
};
