#include "cmtest/explanation.h"

const struct explanation explanation_event_never_happens = {
    .code = "event-never-happens",
    .severity = DIAG_ERROR,
    .title = "A step waits for an event that nothing causes",
    .meaning = "Both sides of the call are in this spec, and neither does what the step waits for. "
               "It would never happen, and the test would prove nothing.",
    .remedy = "Give the partner an action that causes it, or set what it depends on.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    scenario:\n"
           "      - { on: dtmf_received, do: hangup }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    scenario:\n"
            "      - { on: dtmf_received, do: hangup }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 5s, do: send_dtmf, digits: \"1\" }\n"
            "duration: 10s\n",
};
