#include "cmtest/explanation.h"

const struct explanation explanation_not_audio = {
    .code = "not-audio",
    .severity = DIAG_ERROR,
    .title = "A source of audio is no audio file",
    .meaning = "The first bytes of a file tell what it is, whatever its name says. Only wav, flac, "
               "ogg and mp3 are played.",
    .remedy = "Convert it, or use a word in place of the file: `cmtest list sources` shows them.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { source: speech.wav } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { source: silence } }\n"
            "duration: 10s\n",
    .file = "speech.wav",
    .bad_file = "hello\n",
};
