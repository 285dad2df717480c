#include "cmtest/scenario.h"

extern const struct trigger trigger_session_timer_refreshed;

const struct trigger trigger_session_timer_refreshed = {
    .choice = {.word = "session_timer_refreshed",
               .help = "the session timer is refreshed, by either side",
               .example = "{ on: session_timer_refreshed, do: hangup }"},
    .kind = OCCURRED_REFRESHED,
};
