#include "cmtest/explanation.h"

const struct explanation explanation_no_common_extension = {
    .code = "no-common-extension",
    .severity = DIAG_ERROR,
    .title = "A group requires an extension of SIP that its partner has off",
    .meaning =
        "Its calls would be refused with 420 Bad Extension or 421 Extension Required. Behind "
        "a server of yours this is a warning: it may stand in for the other side.",
    .remedy = "Set it to supported in the other group, or here.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    reliable_provisional: required\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, reliable_provisional: supported }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    reliable_provisional: required\n"
            "duration: 10s\n",
};
