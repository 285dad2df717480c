#include "cmtest/explanation.h"

const struct explanation explanation_unknown_transport = {
    .code = "unknown-transport",
    .severity = DIAG_ERROR,
    .title = "A transport is not known",
    .meaning = "It is what carries SIP to the registrar.",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  embedded: { transport: upd }\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  embedded: { transport: udp }\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
