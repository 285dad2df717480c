#include "cmtest/explanation.h"

const struct explanation explanation_no_common_codec = {
    .code = "no-common-codec",
    .severity = DIAG_ERROR,
    .title = "Two groups that call each other have no codec in common",
    .meaning = "Every call between them would be refused with 488 Not Acceptable Here, or would be "
               "silent.",
    .remedy = "Give both groups at least one codec that is the same.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcmu] } }\n"
           "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { codecs: [pcma] "
           "} }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [pcmu] } }\n"
            "  callers: { registrar: embedded, endpoints: 1, call: agents, audio: { codecs: [pcma, "
            "pcmu] } }\n"
            "duration: 10s\n",
};
