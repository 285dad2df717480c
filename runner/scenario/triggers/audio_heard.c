#include "cmtest/scenario.h"

extern const struct trigger trigger_audio_heard;

static const struct field fields[] = {
    {.key = "lasting",
     .kind = FIELD_DURATION,
     .min = 10000000,
     .max = INT64_C(600000000000),
     .help = "so long without interruption; 100ms when not given",
     .example = "700ms"},
    {.key = NULL},
};

const struct trigger trigger_audio_heard = {
    .choice = {.word = "audio_heard",
               .help = "the partner is heard; all endpoints of the group are decoded then",
               .example = "{ on: audio_heard, within: 5s, do: send_dtmf, digits: \"1\" }",
               .fields = fields},
    .kind = OCCURRED_AUDIO,
};
