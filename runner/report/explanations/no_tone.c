#include "cmtest/explanation.h"

const struct explanation explanation_no_tone = {
    .code = "no-tone",
    .severity = DIAG_ERROR,
    .title = "Something else than a tone has a frequency or a level",
    .meaning = "Files are sent as they are, silence is silent, and an echo is what was received.",
    .remedy = "Remove frequency and level.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { source: { name: silence, level: -20 } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { source: { name: tone, level: -20 } }\n"
            "duration: 10s\n",
};
