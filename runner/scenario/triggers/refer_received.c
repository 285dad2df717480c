#include "cmtest/scenario.h"

extern const struct trigger trigger_refer_received;

static const char *const causes[] = {"transfer", NULL};

const struct trigger trigger_refer_received = {
    .choice = {.word = "refer_received",
               .help = "a REFER arrives",
               .example = "{ on: refer_received, do: hangup }"},
    .caused_by = causes,
    .kind = OCCURRED_REFERRED,
};
