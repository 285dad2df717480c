#include "cmtest/explanation.h"

const struct explanation explanation_calls_a_caller = {
    .code = "calls-a-caller",
    .severity = DIAG_ERROR,
    .title = "A group calls a group that makes calls itself",
    .meaning = "An endpoint either calls or answers. A caller may be busy with its own call when "
               "another one comes in, and the result would depend on which of them was first.",
    .remedy = "Call a group that only answers; make one for the purpose if need be.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 2 }\n"
           "  callers: { registrar: embedded, endpoints: 2, call: agents }\n"
           "  others: { registrar: embedded, endpoints: 2, call: callers }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 4 }\n"
            "  callers: { registrar: embedded, endpoints: 2, call: agents }\n"
            "  others: { registrar: embedded, endpoints: 2, call: agents }\n"
            "duration: 10s\n",
};
