#include "cmtest/explanation.h"

const struct explanation explanation_tab = {
    .code = "tab",
    .severity = DIAG_ERROR,
    .title = "A tab indents a line",
    .meaning = "YAML forbids it, because tabs look different in every editor.",
    .remedy = "Indent with spaces. Most editors can be told to do so for .yaml files.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "\tagents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
