#include "cmtest/scenario.h"

extern const struct action action_deactivate;

static const struct choice *const track_words[] = {CHOICE("audio", NULL),
                                                   CHOICE_LATER("video", NULL), NULL};

static const struct field fields[] = {
    {.key = "track",
     .kind = FIELD_CHOICE,
     .choices = track_words,
     .code = "unknown-track",
     .required = true,
     .help = "which track",
     .example = "audio"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    (void)step;
    return performer->offer(who, ticket, &(struct proposal){.direction = "inactive"});
}

const struct action action_deactivate = {
    .choice = {.word = "deactivate",
               .help = "a track is taken out of the session",
               .example = "{ at: 20s, do: deactivate, track: audio }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};
