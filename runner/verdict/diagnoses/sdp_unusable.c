#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_SDP;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The session description from the other side cannot be used, whatever the codec.");
    say_next(paragraph, "look at the SDP of that call in its messages; something between both "
                        "sides (an SBC, SIP ALG in a router) may have rewritten it.");
}

const struct diagnosis diagnosis_sdp_unusable = {
    .name = "sdp_unusable",
    .title = "session description unusable",
    .help = "a session description that cannot be used",
    .matches = matches,
    .write = write,
};
