#include "cmtest/scenario.h"

extern const struct trigger trigger_early_media;

const struct trigger trigger_early_media = {
    .choice = {.word = "early_media",
               .help = "183 with SDP is received",
               .example = "{ on: early_media, do: wait, length: 1s }"},
    .kind = OCCURRED_EARLY_MEDIA,
};
