#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_NO_MEDIA;
}

static void write(struct paragraph *paragraph)
{
    const struct result_endpoint *partner = cluster_partner(paragraph->cluster);
    if (partner && partner->call_known && partner->call.media_known &&
        partner->call.packets_received == 0)
        say_cause(paragraph, "Neither side received any: a firewall that blocks the ports of RTP, "
                             "or addresses in the SDP that do not lead to the peer.");
    else
        say_cause(paragraph, "The call stood, but no RTP came: a firewall, NAT, a media relay that "
                             "does not run, or a peer that sends none.");
    say_media(paragraph);
}

const struct diagnosis diagnosis_media_silent = {
    .name = "media_silent",
    .title = "no media",
    .help = "not one RTP packet in a whole call",
    .matches = matches,
    .write = write,
};
