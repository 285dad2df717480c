#include "cmtest/explanation.h"

const struct explanation explanation_unknown_decoding = {
    .code = "unknown-decoding",
    .severity = DIAG_ERROR,
    .title = "Nothing is decoded that way",
    .meaning =
        "Decoding costs 3 to 25 us per packet, so usually one endpoint in 10 is decoded, of large "
        "groups fewer, and the first of each always. What is not decoded has no levels in the "
        "report.",
    .remedy = "Use sampled, full, none, or a number: one endpoint in so many.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    audio: { decode: sometimes }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    audio: { decode: full }\n"
            "duration: 10s\n",
};
