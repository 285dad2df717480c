#include "cmtest/explanation.h"

const struct explanation explanation_unknown_step = {
    .code = "unknown-step",
    .severity = DIAG_ERROR,
    .title = "A step follows another one that is not there",
    .meaning = "after names the step that must be done before this one, in the same scenario.",
    .remedy = "Correct the name, or give the step that is meant this name.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { name: pause, at: 2s, do: hold }\n"
           "      - { after: pauze, do: resume }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { name: pause, at: 2s, do: hold }\n"
            "      - { after: pause, do: resume }\n"
            "duration: 10s\n",
};
