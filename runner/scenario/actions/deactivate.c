#include "cmtest/scenario.h"

extern const struct action action_deactivate;

static const struct choice *const track_words[] = {CHOICE("audio", NULL), CHOICE("video", NULL),
                                                   NULL};

static const struct field fields[] = {
    {.key = "track",
     .kind = FIELD_CHOICE,
     .choices = track_words,
     .code = "unknown-track",
     .required = true,
     .help = "which track",
     .example = "video"},
    {.key = NULL},
};

const struct action action_deactivate = {
    .choice = {.word = "deactivate",
               .help = "a track is taken out of the session",
               .example = "{ at: 20s, do: deactivate, track: video }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};
