#include "cmtest/scenario.h"

extern const struct trigger trigger_bye_received;

const struct trigger trigger_bye_received = {
    .choice = {.word = "bye_received",
               .help = "the partner hangs up; there is no call any more for what is done then",
               .example = "{ on: bye_received, do: signal, send: free, to: queue }"},
    .kind = OCCURRED_BYE,
};
