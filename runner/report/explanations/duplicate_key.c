#include "cmtest/explanation.h"

const struct explanation explanation_duplicate_key = {
    .code = "duplicate-key",
    .severity = DIAG_ERROR,
    .title = "A key is there twice in one mapping",
    .meaning =
        "YAML would keep one of the two and drop the other without a word, and the test would "
        "not be the one that is written.",
    .remedy = "Remove one, or give the second another name.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  agents: { registrar: embedded, endpoints: 2 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  more-agents: { registrar: embedded, endpoints: 2 }\n"
            "duration: 10s\n",
};
