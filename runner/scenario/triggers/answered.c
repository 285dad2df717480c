#include "cmtest/scenario.h"

extern const struct trigger trigger_answered;

const struct trigger trigger_answered = {
    .choice = {.word = "answered",
               .help = "the call is established",
               .example = "{ on: answered, do: send_dtmf, digits: \"1\" }"},
    .kind = OCCURRED_ANSWERED,
};
