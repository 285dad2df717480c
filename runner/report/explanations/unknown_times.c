#include "cmtest/explanation.h"

const struct explanation explanation_unknown_times = {
    .code = "unknown-times",
    .severity = DIAG_ERROR,
    .title = "How often a step is done is not understood",
    .meaning = "When its event happens again, a step is done once, always, or so many times.",
    .remedy = "Use once, always, or a number.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { on: answered, times: twice, do: hold }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { on: answered, times: 2, do: hold }\n"
            "duration: 10s\n",
};
