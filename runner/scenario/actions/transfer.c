#include "cmtest/scenario.h"

extern const struct action action_transfer;

static const struct choice *const mode_words[] = {
    CHOICE("blind", "it calls the target and leaves us"),
    CHOICE("attended", "we call the target first (RFC 3891)"), NULL};

static const struct field fields[] = {
    {.key = "to",
     .kind = FIELD_STRING,
     .max = 512,
     .required = true,
     .help = "a group or a SIP URI",
     .example = "sip:200@example.com"},
    {.key = "mode",
     .kind = FIELD_CHOICE,
     .choices = mode_words,
     .code = "unknown-mode",
     .noun = "a way to transfer",
     .help = "blind when not given",
     .example = "attended"},
    {.key = NULL},
};

const struct action action_transfer = {
    .choice = {.word = "transfer",
               .help = "the partner is sent on with REFER (RFC 3515)",
               .example = "{ at: 10s, do: transfer, to: \"sip:200@example.com\" }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};
