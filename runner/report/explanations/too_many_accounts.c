#include "cmtest/explanation.h"

const struct explanation explanation_too_many_accounts = {
    .code = "too-many-accounts",
    .severity = DIAG_ERROR,
    .title = "A range has too many accounts",
    .meaning = "One spec has at most 100,000 endpoints, and no use for more accounts.",
    .remedy = "Make the range smaller.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx: { domain: sip.example.com, accounts: { range: 1000000..9999999, password: "
           "\"...\" } }\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx: { domain: sip.example.com, accounts: { range: 1000000..1000099, password: "
            "\"...\" } }\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
};
