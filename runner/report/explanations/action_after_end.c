#include "cmtest/explanation.h"

const struct explanation explanation_action_after_end = {
    .code = "action-after-end",
    .severity = DIAG_ERROR,
    .title = "A step of a scenario comes when the call is over",
    .meaning =
        "The time of a step counts from the answer. What can only be done in a call cannot be "
        "done after its last second.",
    .remedy = "Make the call longer, or let the step come earlier.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 20s, do: hold }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 20s, do: hold }\n"
            "duration: 30s\n",
};
