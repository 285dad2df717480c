#include "cmtest/explanation.h"

const struct explanation explanation_bad_include = {
    .code = "bad-include",
    .severity = DIAG_ERROR,
    .title = "An entry of include is not the name of a file",
    .meaning =
        "Files are included before anything else is read, and so before variables are known.",
    .remedy = "Write the name itself, or several in a list.",
    .bad = "cmtest: 1\n"
           "include: ${env.SITE:-lab}.yaml\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "include: lab.yaml\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
    .file = "lab.yaml",
    .bad_file = "name: Gate of the lab\n",
    .good_file = "name: Gate of the lab\n",
};
