#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_GIVEN_UP;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The caller, or a server between, ended the call before it was answered.");
    say_next(paragraph,
             "compare how long group %s rings (answer.delay, answer.ring) with the patience of the "
             "caller and the ring timeout of %s.",
             paragraph->group, paragraph->server);
}

const struct diagnosis diagnosis_caller_gave_up = {
    .name = "caller_gave_up",
    .title = "caller gave up",
    .help = "the caller cancelled before the answer",
    .matches = matches,
    .write = write,
};
