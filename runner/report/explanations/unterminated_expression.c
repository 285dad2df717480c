#include "cmtest/explanation.h"

const struct explanation explanation_unterminated_expression = {
    .code = "unterminated-expression",
    .severity = DIAG_ERROR,
    .title = "An expression has no closing brace",
    .meaning = "${ begins an expression, which ends with }.",
    .remedy = "Add it. A plain ${ is written $${.",
    .bad = "cmtest: 1\n"
           "name: \"Gate of ${env.BRANCH\"\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: \"Gate of ${env.BRANCH:-main}\"\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
