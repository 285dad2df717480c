#include "cmtest/explanation.h"

const struct explanation explanation_unknown_outcome = {
    .code = "unknown-outcome",
    .severity = DIAG_ERROR,
    .title = "An outcome of a call is not known",
    .meaning = "A group can say how its calls end, in the words of the reports.",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    expect: { outcome: failed }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    expect: { outcome: call_failed, status: 486 }\n"
            "duration: 10s\n",
};
