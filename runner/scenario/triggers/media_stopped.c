#include "cmtest/scenario.h"

extern const struct trigger trigger_media_stopped;

const struct trigger trigger_media_stopped = {
    .choice = {.word = "media_stopped",
               .help = "no packet has arrived for a second",
               .example = "{ on: media_stopped, do: hangup }",
               .later = true},
    .kind = OCCURRED_NEVER,
};
