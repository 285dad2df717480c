#include "cmtest/explanation.h"

const struct explanation explanation_needs_key = {
    .code = "needs-key",
    .severity = DIAG_ERROR,
    .title = "A key has a meaning only beside another one",
    .meaning = "Alone it would have no effect, so that it is refused rather than ignored.",
    .remedy = "Add the key that the message names, or remove this one.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: hold, times: always }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { on: answered, times: always, do: hold }\n"
            "duration: 60s\n",
};
