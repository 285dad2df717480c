#include "cmtest/explanation.h"

const struct explanation explanation_tone_too_high = {
    .code = "tone-too-high",
    .severity = DIAG_ERROR,
    .title = "A tone does not fit into a codec of its group",
    .meaning = "A codec carries frequencies up to half of its sample rate, in practice 0.45 of "
               "it: 3600 Hz in G.711, 7200 Hz in G.722, 21600 Hz in Opus. Any of the codecs of "
               "the group may be the one that is agreed on.",
    .remedy = "Use a lower frequency, or leave only wider codecs in the list.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { codecs: [opus, pcma], source: { name: tone, frequency: 5000 } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { codecs: [opus, g722], source: { name: tone, frequency: 5000 } }\n"
            "duration: 10s\n",
};
