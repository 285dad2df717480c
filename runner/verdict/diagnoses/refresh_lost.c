#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_REFRESH;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The registration was there, and its renewal was refused or not answered: "
                         "from then on no call could come in.");
    say_next(paragraph,
             "see whether %s restarted, lost its bindings or limits the rate; the firewall may "
             "also have forgotten the way back: keepalives help.",
             paragraph->server);
}

const struct diagnosis diagnosis_refresh_lost = {
    .name = "refresh_lost",
    .title = "registration lost",
    .help = "a registration was not renewed, and ran out during the run",
    .matches = matches,
    .write = write,
};
