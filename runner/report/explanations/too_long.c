#include "cmtest/explanation.h"

const struct explanation explanation_too_long = {
    .code = "too-long",
    .severity = DIAG_ERROR,
    .title = "A text is too long",
    .meaning = "Each text has a limit, by what a SIP message or a report can hold.",
    .remedy = "Shorten it. A threshold is one line, of one condition.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: "
           "an-internal-server-whose-name-is-longer-than-the-64-bytes-of-a-name, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
