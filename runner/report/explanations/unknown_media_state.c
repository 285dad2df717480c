#include "cmtest/explanation.h"

const struct explanation explanation_unknown_media_state = {
    .code = "unknown-media-state",
    .severity = DIAG_ERROR,
    .title = "A state of media is not known",
    .meaning = "An expectation can be that packets arrive, or that they do not any more.",
    .remedy = "Use flowing or stopped.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: mute, expect: { media: silent } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: mute, expect: { media: stopped } }\n"
            "duration: 10s\n",
};
