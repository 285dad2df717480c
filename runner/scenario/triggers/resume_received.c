#include "cmtest/scenario.h"

extern const struct trigger trigger_resume_received;

static const char *const causes[] = {"resume", NULL};

const struct trigger trigger_resume_received = {
    .choice = {.word = "resume_received",
               .help = "the partner takes the call up again",
               .example = "{ on: resume_received, do: send_dtmf, digits: \"1\" }"},
    .caused_by = causes,
    .kind = OCCURRED_RESUMED,
};
