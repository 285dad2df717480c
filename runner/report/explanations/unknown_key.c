#include "cmtest/explanation.h"

const struct explanation explanation_unknown_key = {
    .code = "unknown-key",
    .severity = DIAG_ERROR,
    .title = "A key does not belong here",
    .meaning = "It is misspelt, stands at the wrong level, or is not of this version of the "
               "language. It would have no effect, so that it is refused rather than ignored.",
    .remedy =
        "Correct it, or indent it as its place needs. `cmtest list fields` shows all keys. At "
        "the top level, keys that begin with x- are free for anchors.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
