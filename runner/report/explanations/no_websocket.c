#include "cmtest/explanation.h"

const struct explanation explanation_no_websocket = {
    .code = "no-websocket",
    .severity = DIAG_ERROR,
    .title = "SIP over WebSocket is not possible",
    .meaning = "wss (RFC 7118) is what browsers speak. The SIP library that cmtest is built on "
               "(sofia-sip, as Debian has it) does not, and half of it would be worse than "
               "none.",
    .remedy = "Test the server over transport tls, which reaches the same SIP behind it.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: wss\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    transport: tls\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
