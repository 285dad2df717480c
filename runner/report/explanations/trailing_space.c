#include "cmtest/explanation.h"

const struct explanation explanation_trailing_space = {
    .code = "trailing-space",
    .severity = DIAG_WARNING,
    .title = "The password of an accounts file ends with a space",
    .meaning =
        "All behind the colon is the password, the space too. It is seldom meant, and cannot "
        "be seen.",
    .remedy = "Remove the space, if it is not a part of the password.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx: { domain: sip.example.com, accounts: { file: accounts.txt } }\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx: { domain: sip.example.com, accounts: { file: accounts.txt } }\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 1 }\n"
            "duration: 10s\n",
    .file = "accounts.txt",
    .bad_file = "1001:password \n",
    .good_file = "1001:password\n",
};
