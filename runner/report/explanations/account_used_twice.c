#include "cmtest/explanation.h"

const struct explanation explanation_account_used_twice = {
    .code = "account-used-twice",
    .severity = DIAG_ERROR,
    .title = "Two registrars are one server and hand out the same account",
    .meaning = "Each registrar hands its accounts to its own endpoints. When both are the same "
               "server, two endpoints register with one account and take each other's calls.",
    .remedy = "Give each of them accounts of its own, or let both groups use one registrar.",
    .bad =
        "cmtest: 1\n"
        "registrars:\n"
        "  first: { domain: sip.example.com, accounts: [{ username: 1001, password: \"...\" }] }\n"
        "  second: { domain: sip.example.com, accounts: [{ username: 1001, password: \"...\" }] }\n"
        "groups:\n"
        "  agents: { registrar: first, endpoints: 1 }\n"
        "  callers: { registrar: second, endpoints: 1, call: agents }\n"
        "duration: 10s\n",
    .good =
        "cmtest: 1\n"
        "registrars:\n"
        "  first: { domain: sip.example.com, accounts: [{ username: 1001, password: \"...\" }] }\n"
        "  second: { domain: sip.example.com, accounts: [{ username: 1002, password: \"...\" }] }\n"
        "groups:\n"
        "  agents: { registrar: first, endpoints: 1 }\n"
        "  callers: { registrar: second, endpoints: 1, call: agents }\n"
        "duration: 10s\n",
};
