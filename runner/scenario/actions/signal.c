#include "cmtest/scenario.h"

extern const struct action action_signal;

static const struct field fields[] = {
    {.key = "send",
     .kind = FIELD_STRING,
     .max = 64,
     .required = true,
     .help = "the name of the signal",
     .example = "go"},
    {.key = "to",
     .kind = FIELD_STRING,
     .max = 64,
     .help = "a group, all of whose endpoints it reaches; the partner when not given",
     .example = "agents"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    return performer->signal(who, ticket, step_text(step, "send"), step_text(step, "to"));
}

const struct action action_signal = {
    .choice = {.word = "signal",
               .help =
                   "a signal to the partner, or to all of a group: on signal_received waits for it",
               .example = "{ at: 5s, do: signal, send: go, to: agents }",
               .fields = fields},
    .begin = begin,
};
