#include "cmtest/explanation.h"

const struct explanation explanation_unknown_track = {
    .code = "unknown-track",
    .severity = DIAG_ERROR,
    .title = "A track of media is not known",
    .meaning = "A call has the track audio, and perhaps the track video.",
    .remedy = "Use audio or video.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: activate, track: picture }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: activate, track: video }\n"
            "duration: 10s\n",
};
