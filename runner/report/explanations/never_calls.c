#include "cmtest/explanation.h"

const struct explanation explanation_never_calls = {
    .code = "never-calls",
    .severity = DIAG_WARNING,
    .title = "A group says how it calls, but makes no calls",
    .meaning = "late_offer and redirects are of the INVITEs that a group sends, and this group has "
               "no call: it only answers.",
    .remedy = "Remove the key, or move it to the group that calls.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, late_offer: true }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents, late_offer: true }\n"
            "duration: 10s\n",
};
