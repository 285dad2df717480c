#include "cmtest/explanation.h"

const struct explanation explanation_bad_expression = {
    .code = "bad-expression",
    .severity = DIAG_ERROR,
    .title = "What stands in ${...} is not understood",
    .meaning =
        "An expression is a name from the environment, from vars or from matrix. There is no "
        "arithmetic, and there are no functions.",
    .remedy = "Write ${env.NAME}, ${env.NAME:-default}, ${vars.NAME} or ${matrix.NAME}. A plain ${ "
              "is written $${.",
    .bad = "cmtest: 1\n"
           "name: Gate of ${BRANCH}\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: Gate of ${env.BRANCH:-main}\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
