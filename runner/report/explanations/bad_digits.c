#include "cmtest/explanation.h"

const struct explanation explanation_bad_digits = {
    .code = "bad-digits",
    .severity = DIAG_ERROR,
    .title = "Digits of a phone have other characters",
    .meaning = "A phone sends 0 to 9, A to D, * and #. Nothing else can be sent as a digit.",
    .remedy = "Use only these, and put them into quotes: # begins a comment in YAML.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: send_dtmf, digits: \"42 x\" }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: send_dtmf, digits: \"42#\" }\n"
            "duration: 10s\n",
};
