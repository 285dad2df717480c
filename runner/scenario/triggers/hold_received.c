#include "cmtest/scenario.h"

extern const struct trigger trigger_hold_received;

static const char *const causes[] = {"hold", NULL};

const struct trigger trigger_hold_received = {
    .choice = {.word = "hold_received",
               .help = "the partner puts the call on hold",
               .example = "{ on: hold_received, do: resume }"},
    .caused_by = causes,
    .kind = OCCURRED_HELD,
};
