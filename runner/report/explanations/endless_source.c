#include "cmtest/explanation.h"

const struct explanation explanation_endless_source = {
    .code = "endless-source",
    .severity = DIAG_ERROR,
    .title = "What has no end is to be played once",
    .meaning = "An echo sends back what is received as long as there is any. It cannot be played "
               "once and be over.",
    .remedy = "Remove \"loop: false\", and play something else when the echo is to end.",
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
           "      - { at: 1s, do: play, source: echo, loop: false }\n"
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
            "      - { at: 1s, do: play, source: echo }\n"
            "duration: 10s\n",
};
