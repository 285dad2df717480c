#include "cmtest/explanation.h"

const struct explanation explanation_wrong_type = {
    .code = "wrong-type",
    .severity = DIAG_ERROR,
    .title = "A value has the wrong form",
    .meaning =
        "A list, a mapping and a single value are different things, and so are a number and a "
        "text. YAML would let some pass that look alike: 010 is read as 8 by some programs, "
        "\"5060\" in quotes is a text.",
    .remedy = "Write it as the message says. `cmtest list fields` shows the form of every value.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: ten }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 10 }\n"
            "duration: 10s\n",
};
