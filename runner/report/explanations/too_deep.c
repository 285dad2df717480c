#include "cmtest/explanation.h"

const struct explanation explanation_too_deep = {
    .code = "too-deep",
    .severity = DIAG_ERROR,
    .title = "The spec is nested too deeply",
    .meaning = "No spec needs more than a few levels; 64 are allowed. A file with more was made to "
               "hurt, or by accident.",
    .remedy = "Remove what is not needed.",
    .bad = "cmtest: 1\n"
           "x-deep: "
           "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]"
           "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
