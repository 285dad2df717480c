#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    uint32_t partner = roster->endpoints[cluster->first].partner;
    char name[32];
    return cluster->failure == FAILURE_NO_CODEC && partner < roster->endpoint_count &&
           common_codec(cluster_group(cluster)->codecs,
                        roster->groups[roster->endpoints[partner].group].codecs, name,
                        sizeof(name));
}

static void write(struct paragraph *paragraph)
{
    char name[32] = "";
    common_codec(paragraph->codecs, paragraph->peer_codecs, name, sizeof(name));
    say_cause(paragraph,
              "Both sides have %s in common, so something between them likely took it out of the "
              "offer, or has a list of codecs of its own.",
              name[0] ? name : "a codec");
    say_codecs(paragraph);
    say_next(paragraph, "Then the codec policy of %s.", paragraph->server);
}

const struct diagnosis diagnosis_codecs_stripped = {
    .name = "codecs_stripped",
    .title = "codecs refused on the way",
    .help = "no codec was agreed, although both groups of this run have one in common",
    .matches = matches,
    .write = write,
};
