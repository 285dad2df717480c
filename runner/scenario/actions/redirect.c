#include "cmtest/scenario.h"

extern const struct action action_redirect;

static const struct field fields[] = {
    {.key = "to",
     .kind = FIELD_STRING,
     .max = 512,
     .required = true,
     .help = "a SIP URI",
     .example = "sip:200@example.com"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    struct refusal refusal = {.status = 302, .target = step_text(step, "to")};
    return performer->refuse(who, ticket, &refusal);
}

const struct action action_redirect = {
    .choice = {.word = "redirect",
               .help = "an incoming call is sent elsewhere with 302",
               .example = "{ on: ringing, do: redirect, to: \"sip:200@example.com\" }",
               .fields = fields},
    .decides = true,
    .begin = begin,
};
