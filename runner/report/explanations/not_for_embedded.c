#include "cmtest/explanation.h"

const struct explanation explanation_not_for_embedded = {
    .code = "not-for-embedded",
    .severity = DIAG_ERROR,
    .title = "A key is for servers of yours, and embedded is cmtest's own",
    .meaning = "cmtest starts the registrar embedded by itself, on an address and a port that are "
               "free, and so knows its domain and server.",
    .remedy = "Remove the key; or describe your server under another name than embedded.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  embedded: { domain: sip.example.com }\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  embedded: { digest: sha-256 }\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
