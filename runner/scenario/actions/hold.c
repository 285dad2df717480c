#include "cmtest/scenario.h"

extern const struct action action_hold;

static const struct choice *const method_words[] = {CHOICE("sendonly", "a=sendonly"),
                                                    CHOICE("inactive", "a=inactive"),
                                                    CHOICE("zero", "c=0.0.0.0, the old way"), NULL};

static const struct field fields[] = {
    {.key = "method",
     .kind = FIELD_CHOICE,
     .choices = method_words,
     .code = "unknown-method",
     .noun = "a way to hold",
     .help = "how the offer says it; sendonly when not given",
     .example = "inactive"},
    {.key = NULL},
};

const struct action action_hold = {
    .choice = {.word = "hold",
               .help = "the call is put on hold",
               .example = "{ at: 5s, do: hold }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};
