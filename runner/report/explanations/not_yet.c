#include "cmtest/explanation.h"

const struct explanation explanation_not_yet = {
    .code = "not-yet",
    .severity = DIAG_WARNING,
    .title = "This version knows the words, but cannot run it yet",
    .meaning =
        "The language is larger than what this version can do. `validate` checks all of it "
        "and warns; `run` refuses it, because a test that leaves something out must not pass.",
    .remedy =
        "Leave it out for now, or use a newer version. `cmtest list fields` marks what is not "
        "run yet.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "load: { repeat: { count: 2 } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
            "duration: 10s\n",
};
