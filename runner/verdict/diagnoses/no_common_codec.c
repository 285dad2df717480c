#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_NO_CODEC;
}

static void write(struct paragraph *paragraph)
{
    if (paragraph->cluster->status >= 300)
        say_cause(paragraph,
                  "No common codec with %s, or the other side refuses something else in the offer.",
                  paragraph->target);
    else
        say_cause(paragraph,
                  "The two descriptions of the media have no codec in common: the other side did "
                  "not refuse, %s has others.",
                  paragraph->target);
    say_codecs(paragraph);
}

const struct diagnosis diagnosis_no_common_codec = {
    .name = "no_common_codec",
    .title = "no common codec",
    .help = "both sides have no codec in common (also 415, 488, 606)",
    .matches = matches,
    .write = write,
};
