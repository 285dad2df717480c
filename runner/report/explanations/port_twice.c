#include "cmtest/explanation.h"

const struct explanation explanation_port_twice = {
    .code = "port-twice",
    .severity = DIAG_ERROR,
    .title = "The port of a server is given in two places",
    .meaning = "A port may stand in server, behind the host, or in port. With both it is not clear "
               "which one is meant.",
    .remedy = "Remove one of them.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    server: \"sbc.example.com:5060\"\n"
           "    port: 5080\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    server: \"sbc.example.com:5080\"\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
