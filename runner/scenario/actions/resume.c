#include "cmtest/scenario.h"

extern const struct action action_resume;

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->offer(who, ticket, &(struct proposal){.direction = "sendrecv"});
}

const struct action action_resume = {
    .choice = {.word = "resume",
               .help = "a call on hold is taken up again",
               .example = "{ at: 8s, do: resume }"},
    .needs_call = true,
    .begin = begin,
};
