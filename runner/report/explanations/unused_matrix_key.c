#include "cmtest/explanation.h"

const struct explanation explanation_unused_matrix_key = {
    .code = "unused-matrix-key",
    .severity = DIAG_WARNING,
    .title = "A key of the matrix is used by no value",
    .meaning = "Each of its values makes a case, and all of these would be the same test.",
    .remedy = "Write ${matrix.NAME} where it belongs, or remove the key.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n"
           "matrix: { codec: [pcma, pcmu] }\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { codecs: [\"${matrix.codec}\"] "
            "} }\n"
            "duration: 10s\n"
            "matrix: { codec: [pcma, pcmu] }\n",
};
