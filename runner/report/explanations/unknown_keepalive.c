#include "cmtest/explanation.h"

const struct explanation explanation_unknown_keepalive = {
    .code = "unknown-keepalive",
    .severity = DIAG_ERROR,
    .title = "A keepalive is not known",
    .meaning = "A keepalive is sent when nothing else is, so that firewalls and address "
               "translators on the way do not forget the connection.",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    keepalive: ping\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    keepalive: options\n"
            "    accounts: [{ username: 1001, password: \"...\" }]\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
