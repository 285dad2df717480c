#include "cmtest/scenario.h"

extern const struct action action_resume;

const struct action action_resume = {
    .choice = {.word = "resume",
               .help = "a call on hold is taken up again",
               .example = "{ at: 8s, do: resume }",
               .later = true},
    .needs_call = true,
};
