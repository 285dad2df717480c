#include "cmtest/explanation.h"

const struct explanation explanation_not_enough_accounts = {
    .code = "not-enough-accounts",
    .severity = DIAG_ERROR,
    .title = "A registrar has fewer accounts than endpoints that register there",
    .meaning =
        "Each endpoint registers with an account of its own. Two with the same one would take "
        "each other's calls.",
    .remedy = "Add accounts, or lower the number of endpoints of the groups that are named.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx: { domain: sip.example.com, accounts: [{ username: 1001, password: \"...\" }] }\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 2 }\n"
           "duration: 10s\n",
    .good =
        "cmtest: 1\n"
        "registrars:\n"
        "  pbx: { domain: sip.example.com, accounts: [{ username: 1001, password: \"...\" }] }\n"
        "groups:\n"
        "  agents: { registrar: pbx, endpoints: 1 }\n"
        "duration: 10s\n",
};
