#include "cmtest/explanation.h"

const struct explanation explanation_unknown_action = {
    .code = "unknown-action",
    .severity = DIAG_ERROR,
    .title = "An action of a scenario is not known",
    .meaning = "It is what a step does, the word behind do.",
    .remedy = "Use one of those that `cmtest list actions` shows.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: hodl }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: hold }\n"
            "duration: 10s\n",
};
