#include "cmtest/guide.h"

const struct guide guide_impairment = {
    .name = "impairment",
    .help = "a network that is bad on purpose: loss, delay, jitter, reordering",
    .text = "impair: of a group does to its RTP packets what a bad network does, inside of\n"
            "cmtest, without root. Keys of both directions, or of one by send and receive:\n"
            "\n"
            "  impair: { loss: 2%, jitter: 10ms }\n"
            "  impair: { send: { loss: 5%, burst: 4 }, receive: { delay: 80ms } }\n"
            "\n"
            "  loss       share that is lost, each by itself\n"
            "  burst      the same share, lost in bursts of so many packets on average\n"
            "             (Gilbert); { length, inside, outside } for bursts in which some\n"
            "             get through, and losses between them (Gilbert-Elliott)\n"
            "  every      in place of loss: every Nth, the same in each second\n"
            "  delay      of every packet\n"
            "  jitter     mean of a further delay, from none to twice that; order: free lets\n"
            "             packets overtake, keep does not\n"
            "  reorder    share that is overtaken, by distance packets\n"
            "  duplicate  share that comes twice\n"
            "\n"
            "Send is behind the sender: it has sent what is lost there, and its partner\n"
            "misses it. Receive is before the measurement. RTCP is delayed as RTP is, and\n"
            "never lost, so that round trips and conversational MOS are those of the bad\n"
            "network; SIP is left alone. --seed repeats a run's fates.\n"
            "What was done stands in result.json as call.impaired, beside what was measured.\n"
            "\n"
            "Next: examples/30-impairment.yaml\n",
};
