#include "cmtest/guide.h"

const struct guide guide_timings = {
    .name = "timings",
    .help = "which time is measured from where to where",
    .text = "Of a call, by the caller. The names are those of metrics; `cmtest list metrics`\n"
            "has the definitions and their RFC 6076 names.\n"
            "\n"
            "  REGISTER\n"
            "  2xx                       registration.time      RRD, challenges included\n"
            "\n"
            "  INVITE\n"
            "    |  first 1xx            time_to_trying\n"
            "    |  180                  time_to_ringing\n"
            "    |  180, 183, 2xx        post_dial_delay        SRD, the first but 100\n"
            "    |  first RTP            time_to_early_media    when it comes before the 2xx\n"
            "    |  refused, gave up     failed_call_time       failed SRD\n"
            "  2xx                       call_setup_time        the ringing included\n"
            "    |  first RTP            time_to_first_media    from the 2xx; 0 if before\n"
            "  BYE                       call_duration          SDT, from the 2xx\n"
            "  2xx                       teardown_time          SDD, from the BYE\n"
            "\n"
            "The clock is read where the bytes cross the socket. A call that is challenged is\n"
            "timed from its first INVITE. What did not happen has no time: it is absent, not\n"
            "0.\n"
            "\n"
            "Next: examples/03-thresholds.yaml, 05-ringing.yaml\n",
};
