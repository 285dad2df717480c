#include "cmtest/explanation.h"

const struct explanation explanation_bad_server = {
    .code = "bad-server",
    .severity = DIAG_ERROR,
    .title = "A value cannot be the server of a registrar",
    .meaning = "The server is where the packets go: a host name or an address, and perhaps a port. "
               "An IPv6 address stands in brackets, because its colons could be taken for the one "
               "before the port.",
    .remedy = "Write host, host:port, address:port or [IPv6 address]:port.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    server: \"2001:db8::1\"\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    server: \"[2001:db8::1]:5060\"\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
