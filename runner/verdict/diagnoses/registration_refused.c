#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "No rule knows more of this answer.");
    say_next(paragraph, "look for the REGISTER of %s in the log of %s.", paragraph->account,
             paragraph->server);
}

const struct diagnosis diagnosis_registration_refused = {
    .name = "registration_refused",
    .title = "registration refused",
    .help = "the registrar refused in any other way",
    .matches = matches,
    .write = write,
};
