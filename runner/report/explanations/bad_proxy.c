#include "cmtest/explanation.h"

const struct explanation explanation_bad_proxy = {
    .code = "bad-proxy",
    .severity = DIAG_ERROR,
    .title = "A value cannot be an outbound proxy",
    .meaning = "The proxy is where all requests are sent: a host name or an address, and perhaps a "
               "port.",
    .remedy = "Write host, host:port, address:port or [IPv6 address]:port.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    proxy: \"edge.example.com:port\"\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    proxy: \"edge.example.com:5060\"\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
