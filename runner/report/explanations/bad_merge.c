#include "cmtest/explanation.h"

const struct explanation explanation_bad_merge = {
    .code = "bad-merge",
    .severity = DIAG_ERROR,
    .title = "Something that is no mapping is merged with <<",
    .meaning =
        "The key << takes the keys of another mapping, or of several in a list. A number or a "
        "text has no keys that could be taken.",
    .remedy = "Let the anchor stand at a mapping.",
    .bad = "cmtest: 1\n"
           "x-common: &common 5\n"
           "groups:\n"
           "  agents: { <<: *common, registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "x-common: &common { registrar: embedded, audio: { codecs: [pcma] } }\n"
            "groups:\n"
            "  agents: { <<: *common, endpoints: 1 }\n"
            "duration: 10s\n",
};
