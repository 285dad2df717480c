#include "cmtest/explanation.h"

const struct explanation explanation_variable_loop = {
    .code = "variable-loop",
    .severity = DIAG_ERROR,
    .title = "A variable is made of itself",
    .meaning = "Variables may be made of others. When these lead back to the first, there is no "
               "value.",
    .remedy = "Write the value of one of them.",
    .bad = "cmtest: 1\n"
           "vars: { first: \"${vars.second}\", second: \"${vars.first}\" }\n"
           "name: Gate of ${vars.first}\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "vars: { first: \"${vars.second}\", second: lab }\n"
            "name: Gate of ${vars.first}\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
