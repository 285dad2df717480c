#include "cmtest/scenario.h"

extern const struct trigger trigger_media_started;

const struct trigger trigger_media_started = {
    .choice = {.word = "media_started",
               .help =
                   "the first packet of the partner arrives, or the first one after media_stopped",
               .example = "{ on: media_started, do: send_dtmf, digits: \"1\" }"},
    .kind = OCCURRED_STARTED,
};
