/* Plain RTP and RTCP. */
#include "keying_private.h"

extern const struct keying keying_none;

const struct keying keying_none = {
    .name = "none",
    .help = "plain RTP",
};
