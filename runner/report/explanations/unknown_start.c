#include "cmtest/explanation.h"

const struct explanation explanation_unknown_start = {
    .code = "unknown-start",
    .severity = DIAG_ERROR,
    .title = "A moment that a time counts from is not known",
    .meaning = "The time of a step counts from the answer, from the ringing, or from the "
               "registration.",
    .remedy = "Use call, ringing or registration.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, from: invite, do: hold }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, from: call, do: hold }\n"
            "duration: 10s\n",
};
