#include "cmtest/explanation.h"

const struct explanation explanation_unknown_digest = {
    .code = "unknown-digest",
    .severity = DIAG_ERROR,
    .title = "A digest algorithm is not known",
    .meaning = "It is what the registrar embedded challenges with.",
    .remedy = "Use md5 or sha-256.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  embedded: { digest: sha256 }\n"
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
