#include "cmtest/guide.h"

const struct guide guide_quality = {
    .name = "quality",
    .help = "loss, jitter, delay and MOS: what each figure means, and what not",
    .text = "Each second of each call is measured in both directions: receive is what we saw\n"
            "of the peer's packets, send is what the peer's RTCP says of ours. Without its\n"
            "reports there is no send.* but what we count ourselves.\n"
            "\n"
            "  packet_loss   packets that never arrived, whatever copies came; packets_lost\n"
            "                is the number of RTCP, in which copies make up for losses\n"
            "  late_rate     arrived, but too late for the playout buffer\n"
            "  missing_rate  both together: what the listener missed\n"
            "  jitter        of RFC 3550, smoothed; pdv_* are delays over the smallest\n"
            "  rtt           of RTCP; conversational figures need it\n"
            "  r_factor, mos            listening: codec, what was missing, how it clustered\n"
            "  r_factor_cq, mos_cq      conversation: and the delay from mouth to ear\n"
            "  level_*, silence_ratio   of streams that are decoded: cmtest help media\n"
            "\n"
            "R and MOS are estimates by the E-model, not opinions. Their scale is that of the\n"
            "codec: narrow band (G.711: at best R 93.2 and MOS 4.41), wide (G.722: 116, 4.34)\n"
            "or full (Opus: 137.8, 4.41); a threshold above that is refused. MOS of different\n"
            "scales do not compare; a figure over several says mixed.\n"
            "provisional: no recommendation gives the codec's planning values.\n"
            "\n"
            "Judge the bad end, not the mean that hides it: receive.mos.p5 is what the worst\n"
            "5% of all seconds did not exceed. A figure that was not measured is absent, and\n"
            "a threshold without data fails.\n"
            "\n"
            "Next: examples/03-thresholds.yaml, 30-impairment.yaml; METRICS.md\n",
};
