#include "cmtest/explanation.h"

const struct explanation explanation_control_character = {
    .code = "control-character",
    .severity = DIAG_ERROR,
    .title = "A value has a character that is not for reading",
    .meaning =
        "Names, URIs and passwords are single lines of text. A line end or an escape sequence "
        "in one of them could forge a header of a SIP message, or a line of a report.",
    .remedy =
        "Remove it. A long text over several lines is joined by >- (and not by >, which keeps "
        "the last line end).",
    .bad = "cmtest: 1\n"
           "name: \"SBC gate\\r\\nX-Forged: 1\"\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "name: SBC gate\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "duration: 10s\n",
};
