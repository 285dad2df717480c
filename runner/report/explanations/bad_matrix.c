#include "cmtest/explanation.h"

const struct explanation explanation_bad_matrix = {
    .code = "bad-matrix",
    .severity = DIAG_ERROR,
    .title = "A matrix is not what makes cases",
    .meaning =
        "A matrix is a mapping of names to lists of single values: the spec becomes one case "
        "for each combination. The values are the names of the cases, so that they are short "
        "and written out.",
    .remedy = "Give each key a list. To leave combinations out, name them under exclude.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [\"${matrix.codec}\"] "
           "} }\n"
           "duration: 10s\n"
           "matrix: { codec: pcma }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [\"${matrix.codec}\"] "
            "} }\n"
            "duration: 10s\n"
            "matrix: { codec: [pcma, pcmu] }\n",
};
