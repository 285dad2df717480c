#include "cmtest/explanation.h"

const struct explanation explanation_cannot_read = {
    .code = "cannot-read",
    .severity = DIAG_ERROR,
    .title = "A file cannot be read",
    .meaning =
        "The spec, or a file that it names, is missing, is not a plain file, is too large, or "
        "may not be read by this user. The system's own reason follows the name.",
    .remedy = "Correct the path. In a spec it is relative to the folder of the spec, not to where "
              "cmtest was started.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx: { domain: sip.example.com, accounts: { file: acounts.txt } }\n"
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
    .bad_file = "1001:password\n",
    .good_file = "1001:password\n",
};
