#include "paragraph.h"
#include "moments.h"

static const char *signalling(const struct cluster *cluster)
{
    const char *address = moment_signalling(cluster_endpoint(cluster));
    return address ? address : endpoint_server(cluster->result, cluster->first);
}

static bool matches(const struct cluster *cluster)
{
    const struct result_endpoint *endpoint = cluster_endpoint(cluster);
    return cluster->failure == FAILURE_NO_MEDIA && endpoint->media_known &&
           address_is_public(signalling(cluster)) &&
           (address_is_private(endpoint->media.remote) ||
            address_is_private(endpoint->media.local));
}

static void write(struct paragraph *paragraph)
{
    const struct event_media *media = &cluster_endpoint(paragraph->cluster)->media;
    char address[WORD_SIZE];
    bool theirs = address_is_private(media->remote);
    copy_clean(address, sizeof(address), theirs ? media->remote : media->local);
    say_cause(paragraph,
              "No RTP arrived. %s names the private address %s, which cannot be reached from "
              "outside, while the signalling goes to a public one: likely NAT.",
              theirs ? "The peer's SDP" : "Our SDP", address);
    if (theirs)
        say_next(paragraph, "let %s put its public address into the SDP, or relay the media.",
                 paragraph->server);
    else
        say_next(paragraph,
                 "run from a public address, or let %s send media to where it comes from (often "
                 "called NAT fix or SDP rewrite).",
                 paragraph->server);
}

const struct diagnosis diagnosis_media_private_address = {
    .name = "media_private_address",
    .title = "private address in the SDP",
    .help = "no media, and a private address in the SDP while the signalling is with a public one",
    .matches = matches,
    .write = write,
};
