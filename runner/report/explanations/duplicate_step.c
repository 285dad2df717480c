#include "cmtest/explanation.h"

const struct explanation explanation_duplicate_step = {
    .code = "duplicate-step",
    .severity = DIAG_ERROR,
    .title = "Two steps of a scenario have one name",
    .meaning = "The name is what after refers to, and what reports call the step.",
    .remedy = "Give each step a name of its own; a step that nothing refers to needs none.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { name: first, at: 2s, do: hold }\n"
           "      - { name: first, at: 4s, do: resume }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { name: first, at: 2s, do: hold }\n"
            "      - { name: second, at: 4s, do: resume }\n"
            "duration: 10s\n",
};
