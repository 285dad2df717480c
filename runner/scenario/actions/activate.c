#include "cmtest/scenario.h"

extern const struct action action_activate;

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

const struct action action_activate = {
    .choice = {.word = "activate",
               .help = "a deferred track is offered",
               .example = "{ at: 10s, do: activate, track: video }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};
