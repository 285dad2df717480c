#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_CUT_OFF;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The run ended before they did; the first one had got to %s.",
              phase_name(paragraph->cluster->reached));
    say_next(paragraph, "look in result.json for what their timelines waited for; if they only "
                        "needed more time, give the run more.");
}

const struct diagnosis diagnosis_cut_off = {
    .name = "cut_off",
    .title = "cut off at the deadline",
    .help = "the run reached its deadline before the endpoint was done",
    .matches = matches,
    .write = write,
};
