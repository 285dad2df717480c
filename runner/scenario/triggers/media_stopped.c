#include "cmtest/scenario.h"

extern const struct trigger trigger_media_stopped;

const struct trigger trigger_media_stopped = {
    .choice = {.word = "media_stopped",
               .help = "the packets of the partner have stopped for 500 ms",
               .example = "{ on: media_stopped, do: hangup }"},
    .kind = OCCURRED_STOPPED,
};
