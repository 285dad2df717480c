#include "cmtest/explanation.h"

const struct explanation explanation_unknown_outcome = {
    .code = "unknown-outcome",
    .severity = DIAG_ERROR,
    .title = "An outcome of a call is not known",
    .meaning = "An expectation can name how the call ends, in the words of the reports.",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: hold, expect: { outcome: failed } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: hold, expect: { outcome: call_failed } }\n"
            "duration: 10s\n",
};
