#include "cmtest/explanation.h"

const struct explanation explanation_empty_value = {
    .code = "empty-value",
    .severity = DIAG_ERROR,
    .title = "A key has no value",
    .meaning = "A key without a value is more often forgotten than meant, and what it would stand "
               "for is not clear.",
    .remedy = "Give it a value, or remove the key: then its default holds.",
    .bad = "cmtest: 1\n"
           "name:\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: SBC gate\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
