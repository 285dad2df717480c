#include "cmtest/scenario.h"

extern const struct action action_deregister;

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->deregister(who, ticket);
}

const struct action action_deregister = {
    .choice = {.word = "deregister",
               .help = "the registration is removed",
               .example = "{ at: 20s, do: deregister }"},
    .begin = begin,
};
