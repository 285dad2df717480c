#include "cmtest/explanation.h"

const struct explanation explanation_never_activated = {
    .code = "never-activated",
    .severity = DIAG_WARNING,
    .title = "A deferred track stays inactive",
    .meaning = "A deferred track is offered as inactive, and only a step makes it active. Without "
               "one, no media flows in these calls.",
    .remedy = "Give the group a step that activates it, or remove deferred.",
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
           "    audio: { codecs: [pcma], deferred: true }\n"
           "    scenario:\n"
           "      - { at: 1s, do: options }\n"
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
            "    audio: { codecs: [pcma], deferred: true }\n"
            "    scenario:\n"
            "      - { at: 1s, do: activate, track: audio }\n"
            "duration: 10s\n",
};
