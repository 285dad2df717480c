#include "cmtest/scenario.h"

extern const struct trigger trigger_ringing;

const struct trigger trigger_ringing = {
    .choice = {.word = "ringing",
               .help = "180 is sent or received",
               .example = "{ on: ringing, do: reject, status: 486 }"},
    .kind = OCCURRED_RINGING,
};
