#include "cmtest/scenario.h"

extern const struct action action_play;

static const struct field fields[] = {
    {.key = "source",
     .kind = FIELD_STRING,
     .max = 4096,
     .required = true,
     .help = "tone, silence, or an audio file",
     .example = "media/prompt.wav"},
    {.key = "loop",
     .kind = FIELD_BOOLEAN,
     .help = "it begins again at its end; true when not given",
     .example = "false"},
    {.key = NULL},
};

const struct action action_play = {
    .choice = {.word = "play",
               .help = "a file or a word replaces what is sent, from now on",
               .example = "{ at: 3s, do: play, source: media/prompt.wav }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};
