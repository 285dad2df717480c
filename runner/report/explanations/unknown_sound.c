#include "cmtest/explanation.h"

const struct explanation explanation_unknown_sound = {
    .code = "unknown-sound",
    .severity = DIAG_ERROR,
    .title = "There is no such sound",
    .meaning = "A step can listen for audio, which is anything loud enough, or for silence.",
    .remedy = "Write \"for: audio\" or \"for: silence\".",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { codecs: [pcma] }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    audio: { codecs: [pcma] }\n"
           "    scenario:\n"
           "      - { at: 1s, do: listen, for: speech }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { codecs: [pcma] }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    audio: { codecs: [pcma] }\n"
            "    scenario:\n"
            "      - { at: 1s, do: listen, for: audio }\n"
            "duration: 10s\n",
};
