#include "cmtest/scenario.h"

extern const struct action action_activate;

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
    return performer->offer(who, ticket, &(struct proposal){.direction = "sendrecv"});
}

const struct action action_activate = {
    .choice = {.word = "activate",
               .help = "a deferred track is offered",
               .example = "{ at: 10s, do: activate, track: audio }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};
