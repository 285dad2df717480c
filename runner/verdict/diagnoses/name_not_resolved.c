#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_NAME;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The name %s was not resolved on this machine%s%s.", paragraph->host,
              paragraph->trouble[0] ? ": " : "", paragraph->trouble);
    say_next(paragraph,
             "check server and domain of registrars.%s for a misspelling, and this machine's DNS: "
             "getent hosts %s.",
             paragraph->registrar, paragraph->host);
}

const struct diagnosis diagnosis_name_not_resolved = {
    .name = "name_not_resolved",
    .title = "name not resolved",
    .help = "the name of a server was not resolved (DNS)",
    .matches = matches,
    .write = write,
};
