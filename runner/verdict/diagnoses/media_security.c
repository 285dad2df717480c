#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_SECURITY;
}

static void write(struct paragraph *paragraph)
{
    if (paragraph->cluster->status >= 300)
        say_cause(paragraph,
                  "The other side refused how the offered media is encrypted, or that it is not: "
                  "its warning says so, or nothing but encrypted media was offered.");
    else
        say_cause(paragraph, "Both sides did not come to encrypt the media in the same way.");
    say_next(paragraph,
             "compare audio.security of the group (mode, suites, policy) with what the other side "
             "is set to; \"mode: dual\" offers both ways, \"policy: optional\" goes on without.");
}

const struct diagnosis diagnosis_media_security = {
    .name = "media_security",
    .title = "media encryption not agreed",
    .help = "nothing in common about SRTP, or no keys by DTLS",
    .matches = matches,
    .write = write,
};
