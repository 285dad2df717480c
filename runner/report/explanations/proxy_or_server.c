#include "cmtest/explanation.h"

const struct explanation explanation_proxy_or_server = {
    .code = "proxy-or-server",
    .severity = DIAG_ERROR,
    .title = "A server is named, and a proxy that takes its place",
    .meaning = "All requests go to the outbound proxy, which finds the server by the domain. A "
               "server or a port beside it has no effect.",
    .remedy = "Remove one of them. The port of a proxy is written behind its host.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    server: 192.0.2.10\n"
           "    proxy: edge.example.com:5080\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    proxy: edge.example.com:5080\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
