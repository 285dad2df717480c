#include "cmtest/scenario.h"

extern const struct action action_signal;

static const struct field fields[] = {
    {.key = "signal",
     .kind = FIELD_STRING,
     .max = 64,
     .required = true,
     .help = "its name",
     .example = "go"},
    {.key = NULL},
};

const struct action action_signal = {
    .choice = {.word = "signal",
               .help = "a signal to the endpoints of other groups",
               .example = "{ at: 5s, do: signal, signal: go }",
               .fields = fields,
               .later = true},
};
