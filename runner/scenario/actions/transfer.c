#include <string.h>
#include "cmtest/scenario.h"

extern const struct action action_transfer;

static const struct choice *const mode_words[] = {
    CHOICE("blind", "it calls the target and leaves us"),
    CHOICE("attended",
           "we call the target first, without media, and hand that call over (RFC 3891)"),
    NULL};

static const struct field fields[] = {
    {.key = "to",
     .kind = FIELD_STRING,
     .max = 512,
     .required = true,
     .help =
         "a SIP URI, or a group: its endpoint of the same number, round again when it has fewer",
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

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *mode = step_text(step, "mode");
    return performer->transfer(who, ticket, step_text(step, "to"),
                               mode && strcmp(mode, "attended") == 0);
}

const struct action action_transfer = {
    .choice = {.word = "transfer",
               .help =
                   "the partner is sent on with REFER (RFC 3515); when it got there, our call ends",
               .example = "{ at: 10s, do: transfer, to: \"sip:200@example.com\" }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};
