#include "cmtest/explanation.h"

const struct explanation explanation_unknown_direction = {
    .code = "unknown-direction",
    .severity = DIAG_ERROR,
    .title = "A direction of media is not known",
    .meaning =
        "SDP has four: sendrecv, sendonly, recvonly and inactive, seen from the one who says "
        "it.",
    .remedy = "Use one of these.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: hold, expect: { direction: send } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: hold, expect: { direction: sendonly } }\n"
            "duration: 10s\n",
};
