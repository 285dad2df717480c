#include "cmtest/explanation.h"

const struct explanation explanation_not_for_transport = {
    .code = "not-for-transport",
    .severity = DIAG_ERROR,
    .title = "A key has no use with this transport",
    .meaning =
        "Certificates belong to the transports tls and auto, a limit of UDP to udp and auto, "
        "connections of its own for each endpoint to tcp and tls, empty lines as keepalive to tcp.",
    .remedy = "Change the transport, or remove the key.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: udp\n"
           "    tls: { verify: skip }\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    transport: tls\n"
            "    tls: { verify: skip }\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
