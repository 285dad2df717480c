#include "cmtest/explanation.h"

const struct explanation explanation_unknown_registrar = {
    .code = "unknown-registrar",
    .severity = DIAG_ERROR,
    .title = "A group registers at a registrar that is not there",
    .meaning = "The name must be one under registrars, or embedded, which is cmtest's own.",
    .remedy = "Correct the name, or describe the server under registrars.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embeded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
