#include "cmtest/explanation.h"

const struct explanation explanation_impossible_playout = {
    .code = "impossible-playout",
    .severity = DIAG_ERROR,
    .title = "A playout buffer that cannot be",
    .meaning =
        "An adaptive buffer begins with its nominal delay and moves between its minimum and its "
        "maximum, so they are in that order. A fixed one has only its nominal delay.",
    .remedy = "Put them in order, or leave out what need not be said: the others give way.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  phones:\n"
           "    registrar: embedded\n"
           "    endpoints: 2\n"
           "    call: phones\n"
           "    audio: { playout: { nominal: 80ms, maximum: 60ms } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  phones:\n"
            "    registrar: embedded\n"
            "    endpoints: 2\n"
            "    call: phones\n"
            "    audio: { playout: { nominal: 80ms, maximum: 200ms } }\n"
            "duration: 10s\n",
};
