#include "cmtest/explanation.h"

const struct explanation explanation_unknown_variable = {
    .code = "unknown-variable",
    .severity = DIAG_ERROR,
    .title = "A variable of the spec is not known",
    .meaning =
        "${vars.NAME} stands for a value under vars, ${matrix.NAME} for one of the matrix. A "
        "name that is not there has no value.",
    .remedy = "Correct the name, add it under vars, or give --set vars.NAME=VALUE.",
    .bad = "cmtest: 1\n"
           "vars: { site: lab }\n"
           "name: Gate of ${vars.sight}\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "vars: { site: lab }\n"
            "name: Gate of ${vars.site}\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
