#include "cmtest/scenario.h"

extern const struct trigger trigger_invite;

const struct trigger trigger_invite = {
    .choice = {.word = "invite",
               .help = "the INVITE is sent or received, before anything rings",
               .example = "{ on: invite, do: reject, status: 603 }"},
    .kind = OCCURRED_CALLING,
};
