#include "cmtest/explanation.h"

const struct explanation explanation_never_called = {
    .code = "never-called",
    .severity = DIAG_WARNING,
    .title = "A group says how it answers, but is called by nobody",
    .meaning = "Its endpoints make calls, and no group of this spec calls them.",
    .remedy = "Remove answer, or move it to the group that is called.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    answer: { ring: 1s }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, answer: { ring: 1s } }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n",
};
