#include "cmtest/explanation.h"

const struct explanation explanation_empty_file = {
    .code = "empty-file",
    .severity = DIAG_ERROR,
    .title = "The file holds no spec",
    .meaning = "There is nothing in it, or only comments.",
    .remedy = "Write one. `cmtest init` makes a beginning.",
    .bad = "# a comment only\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
