#include "cmtest/scenario.h"

extern const struct trigger trigger_offer_received;

static const char *const causes[] = {
    "hold", "resume", "update_media", "activate", "deactivate", "refresh_session", NULL};

const struct trigger trigger_offer_received = {
    .choice = {.word = "offer_received",
               .help = "a re-INVITE or UPDATE with a new offer arrives",
               .example = "{ on: offer_received, do: wait, length: 1s }"},
    .caused_by = causes,
    .kind = OCCURRED_OFFERED,
};
