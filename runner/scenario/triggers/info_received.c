#include "cmtest/scenario.h"

extern const struct trigger trigger_info_received;

static const char *const causes[] = {"send_info", "send_dtmf", NULL};

const struct trigger trigger_info_received = {
    .choice = {.word = "info_received",
               .help = "an INFO request arrives",
               .example = "{ on: info_received, do: hangup }"},
    .caused_by = causes,
    .kind = OCCURRED_INFO,
};
