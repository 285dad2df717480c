#include "cmtest/explanation.h"

const struct explanation explanation_unknown_event = {
    .code = "unknown-event",
    .severity = DIAG_ERROR,
    .title = "An event of a scenario is not known",
    .meaning = "It is what starts a step, the word behind on.",
    .remedy = "Use one of those that `cmtest list triggers` shows.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { on: anwsered, do: hold }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { on: answered, do: hold }\n"
            "duration: 10s\n",
};
