#include "cmtest/explanation.h"

const struct explanation explanation_only_for_embedded = {
    .code = "only-for-embedded",
    .severity = DIAG_ERROR,
    .title = "A key is for cmtest's own registrar only",
    .meaning =
        "It tells the registrar embedded how to behave. What a server of yours does cannot be "
        "set from here.",
    .remedy = "Remove the key, or use it under registrars.embedded.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    digest: sha-256\n"
           "    accounts: [{ username: 1001, password: \"...\" }]\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  embedded: { digest: sha-256 }\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
