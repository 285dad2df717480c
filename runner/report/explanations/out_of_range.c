#include "cmtest/explanation.h"

const struct explanation explanation_out_of_range = {
    .code = "out-of-range",
    .severity = DIAG_ERROR,
    .title = "A number or a time is outside of what is allowed",
    .meaning =
        "The limits are those of the protocols, or of what this program can do. A list has a "
        "range too: of the number of its entries.",
    .remedy = "Use a value inside the range that the message names. `cmtest list fields` shows all "
              "ranges.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 0 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
