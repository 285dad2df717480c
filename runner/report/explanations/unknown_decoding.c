#include "cmtest/explanation.h"

const struct explanation explanation_unknown_decoding = {
    .code = "unknown-decoding",
    .severity = DIAG_ERROR,
    .title = "Nothing is decoded that way",
    .meaning = "Decoding costs 7 to 24 us per packet, so it may be left out or done for one "
               "endpoint in N. What is not decoded has no levels and no concealment in the "
               "report.",
    .remedy = "Use none, full, or a number: one endpoint in so many.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { decode: sampled }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { decode: none }\n"
            "duration: 10s\n",
};
