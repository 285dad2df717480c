#include "cmtest/guide.h"

const struct guide guide_thresholds = {
    .name = "thresholds",
    .help = "what a threshold can ask: statistics, parts of a run, endpoints, abort",
    .text = "A threshold is read aloud: metric, statistic, comparison, limit, and then in any\n"
            "order of whom, when and what then.\n"
            "\n"
            "  receive.mos.p5 >= 3.8                       all seconds of all calls\n"
            "  receive.jitter.stddev < 2ms in callers      of one group\n"
            "  receive.packets_lost.sum == 0               all added up\n"
            "  receive.mos.p5 >= 4 during steady           all calls up, none hung up yet\n"
            "  receive.packet_loss.avg < 1% during worst 10s     in any 10 s of the run\n"
            "  receive.mos.avg >= 4 of worst endpoint      each endpoint by itself\n"
            "  receive.mos.avg >= 4 of 99% of endpoints    but 1%\n"
            "  calls.success_rate >= 90% abort             ends the run when it is lost\n"
            "  receive.mos.avg >= 3 abort after 30s        or has been bad for so long\n"
            "  receive.rtt.avg < 80ms warn                 tells, and fails nothing\n"
            "\n"
            "The same with keys: { check: receive.mos.p5 >= 4, group: callers, phase: steady,\n"
            "window: 10s, endpoints: 99%, abort: true, grace: 30s, severity: warn }, and\n"
            "  min_samples   with fewer it does not hold; windows with fewer are left out\n"
            "  min_coverage  share of the endpoints in a call that must have given samples\n"
            "\n"
            "A second belongs to where its middle is. No data never passes, and no data\n"
            "never aborts. Each result says what was observed, of how many samples, of\n"
            "whom and when.\n"
            "\n"
            "Next: cmtest list statistics; examples 48, 49 and 50\n",
};
