#include "cmtest/scenario.h"

extern const struct action action_unmute;

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->mute(who, ticket, false);
}

const struct action action_unmute = {
    .choice = {.word = "unmute",
               .help = "audio is sent again after mute",
               .example = "{ at: 9s, do: unmute }"},
    .needs_call = true,
    .begin = begin,
};
