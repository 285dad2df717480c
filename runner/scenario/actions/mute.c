#include "cmtest/scenario.h"

extern const struct action action_mute;

static const struct field fields[] = {
    {.key = "length",
     .kind = FIELD_DURATION,
     .min = 1000000,
     .max = INT64_C(3600000000000),
     .help = "for so long; to the end of the call when not given",
     .example = "2s"},
    {.key = NULL},
};

const struct action action_mute = {
    .choice = {.word = "mute",
               .help = "silence is sent",
               .example = "{ at: 3s, do: mute, length: 2s }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};
