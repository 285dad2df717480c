#include "cmtest/scenario.h"

extern const struct action action_hangup;

static const struct field fields[] = {
    {.key = "reason",
     .kind = FIELD_STRING,
     .max = 200,
     .help = "value of a Reason header (RFC 3326)",
     .example = "Q.850;cause=16"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    return performer->hang_up(who, ticket, step_text(step, "reason"));
}

const struct action action_hangup = {
    .choice = {.word = "hangup",
               .help = "the call is ended",
               .example = "{ at: 30s, do: hangup }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};
