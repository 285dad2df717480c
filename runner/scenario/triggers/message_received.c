#include "cmtest/scenario.h"

extern const struct trigger trigger_message_received;

static const char *const causes[] = {"send_message", NULL};

const struct trigger trigger_message_received = {
    .choice = {.word = "message_received",
               .help = "a MESSAGE arrives",
               .example = "{ on: message_received, do: hangup }"},
    .caused_by = causes,
    .kind = OCCURRED_MESSAGE,
};
