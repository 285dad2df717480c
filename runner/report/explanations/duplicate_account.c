#include "cmtest/explanation.h"

const struct explanation explanation_duplicate_account = {
    .code = "duplicate-account",
    .severity = DIAG_ERROR,
    .title = "A user name is there twice",
    .meaning =
        "Two endpoints with one account would overwrite each other's registration, and calls "
        "would reach the wrong one. In a file the later line is not used, and that is a "
        "warning; in a list it is an error.",
    .remedy = "Remove one of them.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    accounts:\n"
           "      - { username: 1001, password: \"...\" }\n"
           "      - { username: 1001, password: \"...\" }\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 2 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    accounts:\n"
            "      - { username: 1001, password: \"...\" }\n"
            "      - { username: 1002, password: \"...\" }\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 2 }\n"
            "duration: 10s\n",
};
