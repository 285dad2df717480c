#include "cmtest/scenario.h"

extern const struct action action_options;

const struct action action_options = {
    .choice = {.word = "options",
               .help = "an OPTIONS request within the call",
               .example = "{ at: 3s, do: options }",
               .later = true},
    .needs_call = true,
};
