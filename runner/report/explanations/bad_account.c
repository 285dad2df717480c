#include "cmtest/explanation.h"

const struct explanation explanation_bad_account = {
    .code = "bad-account",
    .severity = DIAG_ERROR,
    .title = "A line of an accounts file cannot be used",
    .meaning =
        "Each line of the file is username:password. The user name becomes the user part of a "
        "SIP address, so it has no white space and no characters that a SIP URI cannot hold; "
        "all behind the first colon is the password. An endpoint without credentials could "
        "only fail later, and with a less clear reason.",
    .remedy = "Correct the line, or begin it with # to leave it out. A password may hold colons.",
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
    .bad_file = "1001 password\n",
    .good_file = "# one line for each endpoint\n"
                 "1001:password\n",
};
