#include "cmtest/explanation.h"

const struct explanation explanation_share_of_nothing = {
    .code = "share-of-nothing",
    .severity = DIAG_ERROR,
    .title = "A group has a share, but there is no number to take it of",
    .meaning = "share is a part of the endpoints that are given at the top of the spec.",
    .remedy = "Add endpoints at the top, or give the group a number of its own.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, share: 50% }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "endpoints: 10\n"
            "groups:\n"
            "  agents: { registrar: embedded, share: 50% }\n"
            "duration: 10s\n",
};
