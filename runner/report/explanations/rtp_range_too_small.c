#include "cmtest/explanation.h"

const struct explanation explanation_rtp_range_too_small = {
    .code = "rtp-range-too-small",
    .severity = DIAG_ERROR,
    .title = "A range of RTP ports is too small for the endpoints",
    .meaning =
        "Each call needs two ports, one for RTP and one for RTCP, from an even one on. Calls "
        "without ports could not be made.",
    .remedy = "Make the range larger: twice as many ports as endpoints that share it.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1, rtp_ports: 20000..20000 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1, rtp_ports: 20000..20999 }\n"
            "duration: 10s\n",
};
