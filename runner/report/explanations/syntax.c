#include "cmtest/explanation.h"

const struct explanation explanation_syntax = {
    .code = "syntax",
    .severity = DIAG_ERROR,
    .title = "The file is not YAML",
    .meaning = "A bracket, a quote or the indentation does not add up, so that it cannot be known "
               "what belongs where. Nothing behind this place was checked.",
    .remedy = "Look at the place and at the lines before it: often a bracket or a quote was not "
              "closed there. Put values that hold \": \" or begin with a mark into quotes.",
    .bad = "cmtest: 1\n"
           "name: gate: the first\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: \"gate: the first\"\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
