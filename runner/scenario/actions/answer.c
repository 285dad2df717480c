#include "cmtest/scenario.h"

extern const struct action action_answer;

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->answer(who, ticket);
}

const struct action action_answer = {
    .choice = {.word = "answer",
               .help = "an incoming call is answered",
               .example = "{ on: ringing, do: answer }"},
    .decides = true,
    .begin = begin,
};
