#include "cmtest/guide.h"

const struct guide guide_encryption = {
    .name = "encryption",
    .help = "SRTP: where its keys come from, and what is refused",
    .text = "audio.security of a group encrypts its RTP and RTCP:\n"
            "\n"
            "  audio: { codecs: [pcma], security: sdes }\n"
            "  audio: { codecs: [pcma], security: { mode: dual, policy: optional } }\n"
            "\n"
            "  none   plain RTP; an offer of nothing but SRTP is refused with 488\n"
            "  sdes   the keys are in the SDP (RFC 4568): who reads the SIP messages can\n"
            "         listen, so let those be TLS. suites says which, by preference; rekey\n"
            "         renews them in the call by re-INVITE\n"
            "  dtls   the keys come of a handshake between the endpoints (RFC 5764); the SDP\n"
            "         has the fingerprint of a certificate that is made for each run, and\n"
            "         that of the peer is checked\n"
            "  dual   both are offered, and the peer chooses\n"
            "\n"
            "policy: required refuses a call without encryption; optional goes on with plain\n"
            "RTP. avpf: true offers the profiles with feedback, rtcp_mux: true one port.\n"
            "\n"
            "A call whose keys do not come ends NEGOTIATION_FAILED, with a sentence that says\n"
            "what was not agreed on. srtp in result.json, per call, has what was counted: the\n"
            "suite, packets that could not be decrypted, replays, new keys, the time of the\n"
            "handshake. No key is in any report.\n"
            "\n"
            "Next: examples/18-security.yaml, 28-sdes.yaml, 29-dtls.yaml; cmtest help tls is\n"
            "      about SIP; cmtest list metrics has srtp_* and dtls_*\n",
};
