#include "cmtest/explanation.h"

const struct explanation explanation_unseen_partner = {
    .code = "unseen-partner",
    .severity = DIAG_ERROR,
    .title = "What the partner sees is not known",
    .meaning =
        "An expectation of digits is about those that the partner receives. Only an endpoint "
        "of the same spec tells that; a peer outside does not.",
    .remedy = "Let the peer answer, and wait for that: on: dtmf_received, digit, within. Or call a "
              "group of this spec.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: sip:ivr@192.0.2.1\n"
           "    scenario:\n"
           "      - { at: 2s, do: send_dtmf, digits: \"42#\", expect: { dtmf: \"42#\" } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: sip:ivr@192.0.2.1\n"
            "    scenario:\n"
            "      - { at: 2s, do: send_dtmf, digits: \"42#\" }\n"
            "      - { on: dtmf_received, digit: \"1\", within: 5s, do: hangup }\n"
            "duration: 10s\n",
};
