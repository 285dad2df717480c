#include "cmtest/explanation.h"

const struct explanation explanation_unknown_presence = {
    .code = "unknown-presence",
    .severity = DIAG_ERROR,
    .title = "is is present or absent",
    .meaning = "A header, parameter, line or attribute is there or it is not; its value is "
               "compared by equals or matches.",
    .remedy = "Write is: present, is: absent, or equals and the value.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    expect: { messages: { method: BYE, header: { Reason: { is: missing } } } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    expect: { messages: { method: BYE, header: { Reason: { is: absent } } } }\n"
            "duration: 10s\n",
};
