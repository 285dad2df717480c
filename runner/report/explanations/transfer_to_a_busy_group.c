#include "cmtest/explanation.h"

#define SPEC(desks)                                     \
    "cmtest: 1\n"                                       \
    "groups:\n"                                         \
    "  agents: { registrar: embedded, endpoints: 1 }\n" \
    "  callers:\n"                                      \
    "    registrar: embedded\n"                         \
    "    endpoints: 1\n"                                \
    "    call: agents\n"                                \
    "    scenario:\n"                                   \
    "      - { at: 2s, do: transfer, to: " desks " }\n" \
    "  desks: { registrar: embedded, endpoints: 1 }\n"  \
    "duration: 10s\n"

const struct explanation explanation_transfer_to_a_busy_group = {
    .code = "transfer-to-a-busy-group",
    .severity = DIAG_ERROR,
    .title = "A call is transferred to endpoints that have calls already",
    .meaning = "An endpoint has one call. One that calls, or that is called by another group, "
               "cannot take the one that is transferred.",
    .remedy = "Transfer to a group without call that no other group calls, or to a URI.",
    .bad = SPEC("agents"),
    .good = SPEC("desks"),
};
