#include "cmtest/explanation.h"

const struct explanation explanation_include_loop = {
    .code = "include-loop",
    .severity = DIAG_ERROR,
    .title = "A file includes itself, perhaps by way of others",
    .meaning = "Reading it would have no end.",
    .remedy = "Remove one of the includes that the message names.",
    .bad = "cmtest: 1\n"
           "include: common.yaml\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "include: common.yaml\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
    .file = "common.yaml",
    .bad_file = "include: common.yaml\n"
                "name: Gate\n",
    .good_file = "name: Gate\n",
};
