#include "cmtest/explanation.h"

const struct explanation explanation_not_decoded = {
    .code = "not-decoded",
    .severity = DIAG_ERROR,
    .title = "A step listens, but its group is not decoded",
    .meaning = "Whether audio or silence arrives is known only of endpoints whose received packets "
               "are decoded. A group with such a step is decoded as a whole, unless its own "
               "audio.decode says otherwise.",
    .remedy = "Remove decode, or set it to full.",
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
           "    audio: { codecs: [pcma], decode: sampled }\n"
           "    scenario:\n"
           "      - { at: 1s, do: listen, for: audio }\n"
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
