#include "cmtest/explanation.h"

const struct explanation explanation_unknown_alias = {
    .code = "unknown-alias",
    .severity = DIAG_ERROR,
    .title = "An alias has no anchor before it",
    .meaning = "*name repeats the value that was marked with &name further up in the same file.",
    .remedy =
        "Correct the name, or write the anchor before its first use. A value that begins with "
        "* needs quotes.",
    .bad = "cmtest: 1\n"
           "x-audio: &audio { codecs: [pcma] }\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: *audoi }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "x-audio: &audio { codecs: [pcma] }\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: *audio }\n"
            "duration: 10s\n",
};
