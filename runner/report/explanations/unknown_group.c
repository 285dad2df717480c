#include "cmtest/explanation.h"

const struct explanation explanation_unknown_group = {
    .code = "unknown-group",
    .severity = DIAG_ERROR,
    .title = "A group is named that is not there",
    .meaning = "The name stands in call, or behind \"in\" of a threshold, but no group has it.",
    .remedy = "Correct the name. To call somebody outside of the test, write a URI: sip:user@host.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agent }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n",
};
