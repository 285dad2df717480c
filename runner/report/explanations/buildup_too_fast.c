#include "cmtest/explanation.h"

const struct explanation explanation_buildup_too_fast = {
    .code = "buildup-too-fast",
    .severity = DIAG_ERROR,
    .title = "Endpoints register faster than the server is said to take",
    .meaning = "registrations_per_second states what the server can do. A faster buildup would "
               "measure its defence against floods.",
    .remedy = "Make buildup longer, or correct the limit.",
    .bad = "cmtest: 1\n"
           "registrars:\n"
           "  pbx:\n"
           "    domain: sip.example.com\n"
           "    registrations_per_second: 1\n"
           "    accounts: { range: 1001..1010, password: \"...\" }\n"
           "groups:\n"
           "  agents: { registrar: pbx, endpoints: 10 }\n"
           "buildup: 2s\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "registrars:\n"
            "  pbx:\n"
            "    domain: sip.example.com\n"
            "    registrations_per_second: 1\n"
            "    accounts: { range: 1001..1010, password: \"...\" }\n"
            "groups:\n"
            "  agents: { registrar: pbx, endpoints: 10 }\n"
            "buildup: 20s\n"
            "duration: 10s\n",
};
