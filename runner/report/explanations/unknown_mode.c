#include "cmtest/explanation.h"

const struct explanation explanation_unknown_mode = {
    .code = "unknown-mode",
    .severity = DIAG_ERROR,
    .title = "A mode is not known",
    .meaning = "Session timers and reliable provisional responses are disabled, supported or "
               "required; a playout buffer is adaptive or fixed; a transfer is blind or "
               "attended.",
    .remedy = "Use one of those that the message names.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    session_timer: { mode: on }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    session_timer: { mode: supported }\n"
            "duration: 10s\n",
};
