#include "cmtest/explanation.h"

const struct explanation explanation_steps_in_a_circle = {
    .code = "steps-in-a-circle",
    .severity = DIAG_ERROR,
    .title = "Steps of a scenario wait for each other",
    .meaning = "Each begins after another one, and so none of them ever does.",
    .remedy = "Let one of them begin at a time, or on an event.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { name: one, after: two, do: hold }\n"
           "      - { name: two, after: one, do: resume }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { name: one, at: 2s, do: hold }\n"
            "      - { name: two, after: one, do: resume }\n"
            "duration: 10s\n",
};
