#include "cmtest/scenario.h"

extern const struct trigger trigger_bye_received;

const struct trigger trigger_bye_received = {
    .choice = {.word = "bye_received",
               .help = "the partner hangs up",
               .example = "{ on: bye_received, do: reregister }"},
    .kind = OCCURRED_BYE,
};
