#include "cmtest/explanation.h"

const struct explanation explanation_missing_key = {
    .code = "missing-key",
    .severity = DIAG_ERROR,
    .title = "A key that is needed is missing",
    .meaning = "There is no default for it that could be right for every test.",
    .remedy = "Add it. `cmtest list fields` shows all keys and their defaults.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
