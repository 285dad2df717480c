#include "cmtest/scenario.h"

extern const struct action action_options;

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->request(who, ticket, "OPTIONS", NULL, NULL);
}

const struct action action_options = {
    .choice = {.word = "options",
               .help = "an OPTIONS request within the call",
               .example = "{ at: 3s, do: options }"},
    .needs_call = true,
    .begin = begin,
};
