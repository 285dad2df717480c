#include "cmtest/explanation.h"

const struct explanation explanation_rekey_without_sdes = {
    .code = "rekey-without-sdes",
    .severity = DIAG_ERROR,
    .title = "New keys are wanted where the keys are not in the SDP",
    .meaning = "An offer in the middle of a call can bring new keys only where the SDP carries the "
               "keys. Those of DTLS come of a handshake, which is kept as long as the call lasts, "
               "and plain RTP has none.",
    .remedy = "Secure the group by sdes or dual, or remove \"rekey\".",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, audio: { security: dtls } }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    audio: { security: { mode: dtls, rekey: 30s } }\n"
           "duration: 1m\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, audio: { security: sdes } }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    audio: { security: { mode: sdes, rekey: 30s } }\n"
            "duration: 1m\n",
};
