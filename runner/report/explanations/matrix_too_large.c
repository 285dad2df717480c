#include "cmtest/explanation.h"

const struct explanation explanation_matrix_too_large = {
    .code = "matrix-too-large",
    .severity = DIAG_ERROR,
    .title = "A matrix makes too many cases",
    .meaning =
        "The cases are all combinations of its values, which grow faster than one thinks. At "
        "most 256 are allowed, and each is a test of its own.",
    .remedy =
        "Take values away, name combinations under exclude, or share it out to several specs.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "buildup: \"${matrix.a}${matrix.b}${matrix.c}s\"\n"
           "matrix:\n"
           "  a: [1, 2, 3, 4, 5, 6, 7]\n"
           "  b: [1, 2, 3, 4, 5, 6, 7]\n"
           "  c: [1, 2, 3, 4, 5, 6, 7]\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: \"${matrix.endpoints}\" }\n"
            "duration: 10s\n"
            "matrix: { endpoints: [1, 10, 100] }\n",
};
