#include "cmtest/explanation.h"

const struct explanation explanation_min_se_too_long = {
    .code = "min-se-too-long",
    .severity = DIAG_ERROR,
    .title = "The least interval of a session timer is longer than the interval",
    .meaning = "Min-SE is the shortest Session-Expires that is accepted; an offer below its own "
               "minimum would be refused by anybody.",
    .remedy = "Make min_se shorter, or expires longer.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    session_timer: { mode: supported, expires: 90s, min_se: 120s }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    session_timer: { mode: supported, expires: 120s, min_se: 90s }\n"
            "duration: 10s\n",
};
