#include "cmtest/guide.h"

const struct guide guide_comparing = {
    .name = "comparing",
    .help = "whether runs are worse than others, and reports made again",
    .text = "`cmtest compare before after` reads two output folders and says of each metric:\n"
            "worse, better, same, or that it cannot be told. It judges by statistics over\n"
            "calls, so that chance alone rarely says worse. Exit code 1: something is worse;\n"
            "5: nothing can be told.\n"
            "\n"
            "  cmtest run gate.yaml --out before      # with the old server\n"
            "  cmtest run gate.yaml --out after       # with the new one\n"
            "  cmtest compare before after\n"
            "  cmtest compare before after --format markdown   # for a merge request\n"
            "\n"
            "Runs differ for reasons that are nobody's fault. With three or more a side it\n"
            "compares runs, and not only calls:\n"
            "\n"
            "  cmtest compare --base b1 --base b2 --base b3 n1 n2 n3\n"
            "\n"
            "  --margin receive.jitter=2    a difference that means nothing to you\n"
            "  --by-group                   each group by itself\n"
            "  --all                        what did not move, too\n"
            "\n"
            "A run whose generator was the limit proves nothing and says so.\n"
            "\n"
            "`cmtest report before --format html --out pages` makes any report again from\n"
            "what a run, or a suite, kept: --format several times, NAME or NAME=PATH.\n"
            "\n"
            "Next: cmtest compare --help; cmtest help thresholds\n",
};
