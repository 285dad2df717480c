#include "cmtest/scenario.h"

extern const struct action action_send_dtmf;

static const struct choice *const method_words[] = {
    CHOICE("rtp", "telephone-event (RFC 4733)"), CHOICE("info", "SIP INFO"),
    CHOICE("inband", "tones in the audio"),
    CHOICE("both", "rtp and info at once: the partner gets each digit twice"), NULL};

static const struct field fields[] = {
    {.key = "digits",
     .kind = FIELD_STRING,
     .max = 64,
     .required = true,
     .help = "0 to 9, A to D, * and #, in order",
     .example = "\"42#\""},
    {.key = "method",
     .kind = FIELD_CHOICE,
     .choices = method_words,
     .code = "unknown-method",
     .noun = "a way to send digits",
     .help = "how they are sent; rtp when not given",
     .example = "info"},
    {.key = "tone",
     .kind = FIELD_DURATION,
     .min = 40000000,
     .max = INT64_C(10000000000),
     .help = "length of each digit; 100ms when not given",
     .example = "100ms"},
    {.key = "gap",
     .kind = FIELD_DURATION,
     .min = 0,
     .max = INT64_C(10000000000),
     .help = "pause between digits; 100ms when not given",
     .example = "100ms"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *method = step_text(step, "method");
    struct order order = {.method = method ? method : "rtp",
                          .digits = step_text(step, "digits"),
                          .tone_ns = step_duration(step, "tone", 0),
                          .gap_ns = step_duration(step, "gap", -1)};
    return performer->digits(who, ticket, &order);
}

const struct action action_send_dtmf = {
    .choice = {.word = "send_dtmf",
               .help = "digits are sent",
               .example = "{ on: answered, do: send_dtmf, digits: \"42#\" }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};
