#include "cmtest/explanation.h"

const struct explanation explanation_not_for_transport = {
    .code = "not-for-transport",
    .severity = DIAG_ERROR,
    .title = "A key has no use with this transport",
    .meaning = "Certificates belong to the encrypted transports: tls, wss, and auto, which may "
               "choose one.",
    .remedy = "Set transport: tls, or remove the key.",
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
