#include "cmtest/explanation.h"

const struct explanation explanation_unknown_source = {
    .code = "unknown-source",
    .severity = DIAG_ERROR,
    .title = "A source of media is neither known nor a file",
    .meaning =
        "A word stands for what cmtest makes itself; anything else is the name of a file, and "
        "is known by its ending.",
    .remedy = "Use a word that `cmtest list sources` shows, or the name of a file with its ending.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { source: tnoe } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { source: tone } }\n"
            "duration: 10s\n",
};
