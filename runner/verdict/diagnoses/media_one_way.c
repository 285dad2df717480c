#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    const struct result_endpoint *partner = cluster_partner(cluster);
    return cluster->failure == FAILURE_NO_MEDIA && partner && partner->call_known &&
           partner->call.media_known && partner->call.packets_received > 0;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s received ours, so media passes in one direction only: likely NAT, or a firewall "
              "that lets UDP out and not in.",
              paragraph->peer);
    say_media(paragraph);
}

const struct diagnosis diagnosis_media_one_way = {
    .name = "media_one_way",
    .title = "media in one direction only",
    .help = "no RTP arrived here, while it did at the other end",
    .matches = matches,
    .write = write,
};
