#include "cmtest/scenario.h"

#include <string.h>

extern const struct action action_impair;

static const struct choice *const direction_words[] = {CHOICE("send", "that it sends"),
                                                       CHOICE("receive", "that it receives"), NULL};

static const struct field fields[] = {
    {.key = "loss",
     .kind = FIELD_PERCENT,
     .max = 100000,
     .help = "share of packets that are lost",
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
    {.key = "direction",
     .kind = FIELD_CHOICE,
     .choices = direction_words,
     .code = "unknown-direction",
     .help = "which packets; those of both directions when not given",
     .example = "receive"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *direction = step_text(step, "direction");
    return performer->impair(who, ticket, !direction || strcmp(direction, "send") == 0,
                             !direction || strcmp(direction, "receive") == 0, step->impairment);
}

const struct action action_impair = {
    .choice = {.word = "impair",
               .help = "what is done to the packets of this endpoint from now on, in place of what "
                       "was done before; nothing when nothing is given",
               .example = "{ at: 10s, do: impair, loss: 5% }",
               .fields = fields},
    .begin = begin,
};
