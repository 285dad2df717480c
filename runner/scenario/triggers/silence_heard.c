#include "cmtest/scenario.h"

extern const struct trigger trigger_silence_heard;

static const struct field fields[] = {
    {.key = "lasting",
     .kind = FIELD_DURATION,
     .min = 10000000,
     .max = INT64_C(600000000000),
     .help = "so long without interruption; 1s when not given",
     .example = "700ms"},
    {.key = NULL},
};

const struct trigger trigger_silence_heard = {
    .choice = {.word = "silence_heard",
               .help = "the partner is silent, after media has come; all endpoints of the group "
                       "are decoded then",
               .example = "{ on: silence_heard, lasting: 700ms, do: send_dtmf, digits: \"1\" }",
               .fields = fields},
    .kind = OCCURRED_SILENCE,
};
