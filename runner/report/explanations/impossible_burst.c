#include "cmtest/explanation.h"

const struct explanation explanation_impossible_burst = {
    .code = "impossible-burst",
    .severity = DIAG_ERROR,
    .title = "Bursts of that length cannot make up that loss",
    .meaning = "loss is the share of all packets that are lost, and burst says how the losses lie "
               "together. Inside of a burst more are lost than that share, outside fewer, and "
               "between two bursts there is at least one packet; so short bursts cannot make up a "
               "large loss.",
    .remedy = "Make the bursts longer or the loss smaller, or take loss without burst.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  phones:\n"
           "    registrar: embedded\n"
           "    endpoints: 2\n"
           "    call: phones\n"
           "    impair: { loss: 90%, burst: 4 }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  phones:\n"
            "    registrar: embedded\n"
            "    endpoints: 2\n"
            "    call: phones\n"
            "    impair: { loss: 5%, burst: 4 }\n"
            "duration: 10s\n",
};
