#include "cmtest/explanation.h"

const struct explanation explanation_unknown_refresher = {
    .code = "unknown-refresher",
    .severity = DIAG_ERROR,
    .title = "A refresher of session timers is not known",
    .meaning =
        "It is the side that is asked to refresh: the one who called is uac, the one who was "
        "called is uas.",
    .remedy = "Use uac, uas or none.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    session_timer: { mode: supported, refresher: caller }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    session_timer: { mode: supported, refresher: uac }\n"
            "duration: 10s\n",
};
