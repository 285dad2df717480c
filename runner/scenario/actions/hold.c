#include <string.h>
#include "cmtest/scenario.h"

extern const struct action action_hold;

static const struct choice *const method_words[] = {CHOICE("sendonly", "a=sendonly"),
                                                    CHOICE("inactive", "a=inactive"),
                                                    CHOICE("zero", "c=0.0.0.0, the old way"), NULL};

static const struct field fields[] = {
    {.key = "method",
     .kind = FIELD_CHOICE,
     .choices = method_words,
     .code = "unknown-method",
     .noun = "a way to hold",
     .help = "how the offer says it; sendonly when not given",
     .example = "inactive"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *method = step_text(step, "method");
    /* The address alone would do (RFC 3264 8.4), but what we owe each other would not be said. */
    struct proposal change = {.direction = method && strcmp(method, "inactive") == 0 ? "inactive"
                                                                                     : "sendonly",
                              .zero = method && strcmp(method, "zero") == 0};
    return performer->offer(who, ticket, &change);
}

const struct action action_hold = {
    .choice = {.word = "hold",
               .help = "the call is put on hold",
               .example = "{ at: 5s, do: hold }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};
