#include "cmtest/scenario.h"

extern const struct trigger trigger_dtmf_received;

static const struct field fields[] = {
    {.key = "digit",
     .kind = FIELD_STRING,
     .max = 64,
     .help = "only this digit, or these in order; any digit when not given",
     .example = "\"1\""},
    {.key = NULL},
};

static const char *const causes[] = {"send_dtmf", NULL};

const struct trigger trigger_dtmf_received = {
    .choice = {.word = "dtmf_received",
               .help = "a digit arrives, by RTP or INFO",
               .example = "{ on: dtmf_received, digit: \"1\", do: hangup }",
               .fields = fields},
    .caused_by = causes,
    .kind = OCCURRED_DIGIT,
};
