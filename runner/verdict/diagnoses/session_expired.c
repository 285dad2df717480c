#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_SESSION_EXPIRED;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The refresh of the session that was agreed did not come, or was not answered.");
    say_next(paragraph,
             "check that re-INVITE and UPDATE within a call pass %s, and who of both sides was to "
             "refresh.",
             paragraph->server);
}

const struct diagnosis diagnosis_session_expired = {
    .name = "session_expired",
    .title = "session expired",
    .help = "the session timer ran out without a refresh (RFC 4028)",
    .matches = matches,
    .write = write,
};
