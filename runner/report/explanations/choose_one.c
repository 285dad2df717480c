#include "cmtest/explanation.h"

const struct explanation explanation_choose_one = {
    .code = "choose-one",
    .severity = DIAG_ERROR,
    .title = "Two of several forms are given, where only one can be",
    .meaning =
        "The same thing can be said in several ways, and they contradict each other when more "
        "than one is there.",
    .remedy = "Keep one of them.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  embedded: { accounts: { file: accounts.txt, generate: 2 } }\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 2 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  embedded: { accounts: { generate: 2 } }\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 2 }\n"
            "duration: 10s\n",
};
