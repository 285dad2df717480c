#include "cmtest/explanation.h"

const struct explanation explanation_bad_range = {
    .code = "bad-range",
    .severity = DIAG_ERROR,
    .title = "A range is not two numbers",
    .meaning = "A range has its first and its last number, both belong to it, and the smaller one "
               "comes first.",
    .remedy = "Write it with two dots: 20000..29999.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, rtp_ports: 20000-29999 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, rtp_ports: 20000..29999 }\n"
            "duration: 10s\n",
};
