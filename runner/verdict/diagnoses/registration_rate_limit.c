#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->scope == SCOPE_LATER &&
           cluster_throttled(cluster);
}

static void write(struct paragraph *paragraph)
{
    say_pace(paragraph);
    say_cause(paragraph,
              "Likely %s takes only so many registrations in a time, or had reached its capacity.",
              paragraph->server);
    say_buildup(paragraph);
}

const struct diagnosis diagnosis_registration_rate_limit = {
    .name = "registration_rate_limit",
    .title = "rate limit at registration",
    .help = "the first ones registered, and later ones were refused or not answered",
    .any_answer = true,
    .matches = matches,
    .write = write,
};
