#include "cmtest/explanation.h"

const struct explanation explanation_duplicate_codec = {
    .code = "duplicate-codec",
    .severity = DIAG_ERROR,
    .title = "A codec is in a list twice",
    .meaning = "The list is the order of preference of the offer, and a codec is offered once.",
    .remedy = "Remove the second one.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma, pcma] } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma, pcmu] } }\n"
            "duration: 10s\n",
};
