#include "cmtest/explanation.h"

const struct explanation explanation_unknown_codec = {
    .code = "unknown-codec",
    .severity = DIAG_ERROR,
    .title = "A codec is not known",
    .meaning = "The codecs are those that cmtest can offer in SDP. The list is the order of "
               "preference.",
    .remedy = "Use one of those that `cmtest list codecs` shows.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [opsu, pcma] } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcma] } }\n"
            "duration: 10s\n",
};
