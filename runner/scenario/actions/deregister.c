#include "cmtest/scenario.h"

extern const struct action action_deregister;

const struct action action_deregister = {
    .choice = {.word = "deregister",
               .help = "the registration is removed",
               .example = "{ at: 20s, do: deregister }",
               .later = true},
};
