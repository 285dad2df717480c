#include "cmtest/scenario.h"

extern const struct action action_impair;

static const struct field fields[] = {
    {.key = "loss",
     .kind = FIELD_PERCENT,
     .max = 100000,
     .help = "share of packets that are lost, both ways",
     .example = "5%"},
    {.key = "delay",
     .kind = FIELD_DURATION,
     .min = 0,
     .max = INT64_C(10000000000),
     .help = "added to every packet",
     .example = "100ms"},
    {.key = "jitter",
     .kind = FIELD_DURATION,
     .min = 0,
     .max = INT64_C(10000000000),
     .help = "the added delay varies by so much",
     .example = "20ms"},
    {.key = "reorder",
     .kind = FIELD_PERCENT,
     .max = 100000,
     .help = "share of packets that are overtaken",
     .example = "1%"},
    {.key = "duplicate",
     .kind = FIELD_PERCENT,
     .max = 100000,
     .help = "share of packets that arrive twice",
     .example = "1%"},
    {.key = NULL},
};

const struct action action_impair = {
    .choice = {.word = "impair",
               .help = "the network of this endpoint becomes worse or better from now on",
               .example = "{ at: 10s, do: impair, loss: 5% }",
               .fields = fields,
               .later = true},
};
