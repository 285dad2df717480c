#include "cmtest/explanation.h"

const struct explanation explanation_bad_address = {
    .code = "bad-address",
    .severity = DIAG_ERROR,
    .title = "A source address is not an IP address",
    .meaning = "It is an address of this machine that packets come from, so that no name has to be "
               "looked up.",
    .remedy = "Write an IPv4 or IPv6 address of this machine.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, source_address: lab.example.com }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, source_address: 192.0.2.20 }\n"
            "duration: 10s\n",
};
