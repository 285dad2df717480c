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

const struct action action_redirect = {
    .choice = {.word = "redirect",
               .help = "an incoming call is sent elsewhere with 302",
               .example = "{ on: ringing, do: redirect, to: \"sip:200@example.com\" }",
               .fields = fields,
               .later = true},
};
