#include "cmtest/explanation.h"

const struct explanation explanation_include_not_found = {
    .code = "include-not-found",
    .severity = DIAG_ERROR,
    .title = "A file that is included cannot be read",
    .meaning = "It is missing, is no plain file, or may not be read by this user. The system's own "
               "reason follows the name.",
    .remedy = "Correct the path. It is relative to the folder of the file that includes it.",
    .bad = "cmtest: 1\n"
           "include: comon.yaml\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "include: common.yaml\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
    .file = "common.yaml",
    .bad_file = "name: Gate\n",
    .good_file = "name: Gate\n",
};
