#include "cmtest/explanation.h"

const struct explanation explanation_recursive_alias = {
    .code = "recursive-alias",
    .severity = DIAG_ERROR,
    .title = "An alias stands inside of what it stands for",
    .meaning = "A value that contains itself has no end.",
    .remedy = "Move the alias out of the value with its anchor, or write the value out.",
    .bad = "cmtest: 1\n"
           "x-codecs: &codecs [pcma, *codecs]\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "x-codecs: &codecs [pcma]\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: *codecs } }\n"
            "duration: 10s\n",
};
