#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->scope == SCOPE_LATER && cluster_throttled(cluster);
}

static void write(struct paragraph *paragraph)
{
    say_pace(paragraph);
    say_cause(paragraph,
              "Likely %s takes only so many calls in a time, or had reached its capacity of calls "
              "at once.",
              paragraph->server);
    say_buildup(paragraph);
}

const struct diagnosis diagnosis_call_rate_limit = {
    .name = "call_rate_limit",
    .title = "rate limit of calls",
    .help = "the first calls were answered, and later ones were refused or not",
    .any_answer = true,
    .matches = matches,
    .write = write,
};
