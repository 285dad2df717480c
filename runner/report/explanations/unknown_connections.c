#include "cmtest/explanation.h"

const struct explanation explanation_unknown_connections = {
    .code = "unknown-connections",
    .severity = DIAG_ERROR,
    .title = "A way to share connections is not known",
    .meaning = "Over TCP and TLS each endpoint opens a connection of its own, or all at one "
               "local address share one.",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: tcp\n"
           "    connections: single\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    transport: tcp\n"
            "    connections: shared\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
