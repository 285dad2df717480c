#include "cmtest/explanation.h"

const struct explanation explanation_unknown_method = {
    .code = "unknown-method",
    .severity = DIAG_ERROR,
    .title = "A way to do something is not known",
    .meaning = "Some actions can be done in several ways, of which systems understand only some: a "
               "hold by direction or by address, digits by RTP or by INFO.",
    .remedy = "Use one of those that the message names, or leave it out.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: hold, method: mute }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: hold, method: inactive }\n"
            "duration: 10s\n",
};
