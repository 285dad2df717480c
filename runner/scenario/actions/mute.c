#include "cmtest/scenario.h"

extern const struct action action_mute;

static const struct field fields[] = {
    {.key = "length",
     .kind = FIELD_DURATION,
     .min = 1000000,
     .max = INT64_C(3600000000000),
     .help = "for so long, and then the step is done; until unmute when not given",
     .example = "2s"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    /* With a length, it is done when that is over. */
    return performer->mute(who, step_text(step, "length") ? 0 : ticket, true);
}

static const char *end(const struct performer *performer, void *who, const struct step *step)
{
    (void)step;
    return performer->mute(who, 0, false);
}

const struct action action_mute = {
    .choice = {.word = "mute",
               .help = "silence is sent in place of audio, as with the key of a phone; RTP goes on",
               .example = "{ at: 3s, do: mute, length: 2s }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
    .end = end,
};
