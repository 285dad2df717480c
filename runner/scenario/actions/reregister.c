#include "cmtest/scenario.h"

extern const struct action action_reregister;

const struct action action_reregister = {
    .choice = {.word = "reregister",
               .help = "the registration is refreshed now",
               .example = "{ at: 20s, do: reregister }",
               .later = true},
};
