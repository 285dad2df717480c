#include "cmtest/explanation.h"

const struct explanation explanation_bad_domain = {
    .code = "bad-domain",
    .severity = DIAG_ERROR,
    .title = "A value cannot be the domain of a registrar",
    .meaning = "The domain is the part behind the @ of every address of record: a host name or an "
               "address, without a port and without sip:.",
    .remedy =
        "Write only the name. Where the packets go is said by server, when it is another host "
        "or port.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx: { domain: \"sip.example.com:5060\", accounts: [{ username: 1001, password: "
           "\"...\" }] }\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    server: \"sbc.example.com:5060\"\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
