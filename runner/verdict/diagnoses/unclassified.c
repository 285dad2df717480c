#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    (void)cluster;
    return true;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "No rule knows more of this.");
    say_next(paragraph, "look for %s in the log of %s, and at its timeline in result.json.",
             cluster_endpoint(paragraph->cluster)->call.call_id[0] ? "the Call-ID"
                                                                   : paragraph->account,
             paragraph->server);
}

const struct diagnosis diagnosis_unclassified = {
    .name = "unclassified",
    .title = "not known further",
    .help = "nothing above fits",
    .matches = matches,
    .write = write,
};
