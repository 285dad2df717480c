#include "cmtest/explanation.h"

const struct explanation explanation_never_overtakes = {
    .code = "never-overtakes",
    .severity = DIAG_WARNING,
    .title = "Jitter is too small to let a packet overtake",
    .meaning = "With order: free a packet overtakes when its delay is so much smaller than that of "
               "the one before that it arrives earlier. Delays differ by at most twice the "
               "jitter; when packets are further apart than that, none ever does.",
    .remedy = "Raise jitter over half the packet time, let a share of the packets be overtaken by "
              "reorder, or leave order out.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  phones:\n"
           "    registrar: embedded\n"
           "    endpoints: 2\n"
           "    call: phones\n"
           "    impair: { jitter: 5ms, order: free }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  phones:\n"
            "    registrar: embedded\n"
            "    endpoints: 2\n"
            "    call: phones\n"
            "    impair: { jitter: 5ms, reorder: 1% }\n"
            "duration: 10s\n",
};
