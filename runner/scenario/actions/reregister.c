#include "cmtest/scenario.h"

extern const struct action action_reregister;

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->reregister(who, ticket);
}

const struct action action_reregister = {
    .choice = {.word = "reregister",
               .help = "the registration is refreshed now",
               .example = "{ at: 20s, do: reregister }"},
    .begin = begin,
};
