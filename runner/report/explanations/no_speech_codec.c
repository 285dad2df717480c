#include "cmtest/explanation.h"

const struct explanation explanation_no_speech_codec = {
    .code = "no-speech-codec",
    .severity = DIAG_ERROR,
    .title = "No codec of a group can carry speech",
    .meaning =
        "telephone-event and cn go along with a codec: the one carries digits, the other the "
        "noise of pauses.",
    .remedy = "Add a codec such as pcma.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [telephone-event] } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { codecs: [pcma, telephone-event] }\n"
            "duration: 10s\n",
};
