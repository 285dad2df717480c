#include "cmtest/scenario.h"

extern const struct trigger trigger_signal_received;

static const struct field fields[] = {
    {.key = "signal",
     .kind = FIELD_STRING,
     .max = 64,
     .required = true,
     .help = "its name",
     .example = "go"},
    {.key = NULL},
};

const struct trigger trigger_signal_received = {
    .choice = {.word = "signal_received",
               .help = "a signal of that name arrives",
               .example = "{ on: signal_received, signal: go, do: hold }",
               .fields = fields},
    .kind = OCCURRED_SIGNAL,
};
