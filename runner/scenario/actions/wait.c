#include "cmtest/scenario.h"

extern const struct action action_wait;

static const struct field fields[] = {
    {.key = "length",
     .kind = FIELD_DURATION,
     .min = 1000000,
     .max = INT64_C(3600000000000),
     .required = true,
     .help = "for so long",
     .example = "2s"},
    {.key = NULL},
};

const struct action action_wait = {
    .choice = {.word = "wait",
               .help = "nothing; the step is done when the time is over",
               .example = "{ name: pause, on: answered, do: wait, length: 2s }",
               .fields = fields},
};
