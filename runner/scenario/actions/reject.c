#include "cmtest/scenario.h"

extern const struct action action_reject;

static const struct field fields[] = {
    {.key = "status",
     .kind = FIELD_INTEGER,
     .min = 300,
     .max = 699,
     .help = "final status; 486 when not given",
     .example = "486"},
    {.key = "reason",
     .kind = FIELD_STRING,
     .max = 64,
     .help = "its phrase",
     .example = "Busy Here"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    struct refusal refusal = {.status = (uint16_t)step_number(step, "status", 486),
                              .phrase = step_text(step, "reason")};
    return performer->refuse(who, ticket, &refusal);
}

const struct action action_reject = {
    .choice = {.word = "reject",
               .help = "an incoming call is refused",
               .example = "{ on: ringing, do: reject, status: 486 }",
               .fields = fields},
    .decides = true,
    .begin = begin,
};
