#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_REDIRECTED;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The answer names another address, which was not to be followed, or one too many.");
    say_next(paragraph,
             "look at the Contact of the %u; call that address, or let group %s follow redirects.",
             paragraph->cluster->status, paragraph->group);
}

const struct diagnosis diagnosis_call_redirected = {
    .name = "call_redirected",
    .title = "call redirected",
    .help = "the call was sent elsewhere (3xx), and that is not followed",
    .matches = matches,
    .write = write,
};
