#include "cmtest/explanation.h"

const struct explanation explanation_unknown_verify = {
    .code = "unknown-verify",
    .severity = DIAG_ERROR,
    .title = "A way to verify a certificate is not known",
    .meaning = "The certificate of the server is verified by those of this machine, by those of a "
               "file, or not at all.",
    .remedy = "Use system, custom or skip.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    transport: tls\n"
           "    tls: { verify: none }\n"
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
