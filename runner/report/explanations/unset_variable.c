#include "cmtest/explanation.h"

const struct explanation explanation_unset_variable = {
    .code = "unset-variable",
    .severity = DIAG_ERROR,
    .title = "A variable of the environment is not set",
    .meaning = "${env.NAME} is the value of the environment variable. An empty text in its place "
               "would make another test of it, so that there is no silent default.",
    .remedy = "Set it, or write a default: ${env.NAME:-default}.",
    .bad = "cmtest: 1\n"
           "name: Gate of ${env.CMTEST_EXAMPLE_SITE}\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: Gate of ${env.CMTEST_EXAMPLE_SITE:-lab}\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
