#include "cmtest/scenario.h"

extern const struct action action_listen;

static const struct choice *const sounds[] = {CHOICE("audio", "anything that is loud enough"),
                                              CHOICE("silence", "below -50 dBov, or no packets"),
                                              NULL};

static const struct field fields[] = {
    {.key = "for",
     .kind = FIELD_CHOICE,
     .choices = sounds,
     .code = "unknown-sound",
     .noun = "a sound",
     .help = "what is waited for; audio when not given",
     .example = "silence"},
    {.key = "lasting",
     .kind = FIELD_DURATION,
     .min = 10000000,
     .max = INT64_C(600000000000),
     .help =
         "so long without interruption, from the beginning of the step; 100ms of audio or 1s of "
         "silence when not given",
     .example = "700ms"},
    {.key = "timeout",
     .kind = FIELD_DURATION,
     .min = 10000000,
     .max = INT64_C(3600000000000),
     .help = "the step fails when it was not heard by then; 10s when not given",
     .example = "5s"},
    {.key = NULL},
};

const struct action action_listen = {
    .choice = {.word = "listen",
               .help = "waits until the partner is heard, or is silent, as in the menu of an IVR; "
                       "all endpoints of the group are decoded then",
               .example = "{ name: prompt, after: greeting, do: listen, for: silence }",
               .fields = fields},
    .needs_call = true,
    .listens = true,
};
