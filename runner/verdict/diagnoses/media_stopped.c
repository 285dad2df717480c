#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->symptom == SYMPTOM_MEDIA_STOPPED;
}

static void write(struct paragraph *paragraph)
{
    uint32_t heard = cluster_endpoint(paragraph->cluster)->seconds.last_heard;
    say_cause(paragraph,
              "Media stopped after %u s of the call and did not come back: the peer, or a firewall "
              "that forgot the flow.",
              heard);
    if (heard >= 28 && heard <= 35)
        say_cause(paragraph, "Many firewalls forget UDP after 30 s of silence in one direction.");
    say_media(paragraph);
}

const struct diagnosis diagnosis_media_stopped = {
    .name = "media_stopped",
    .title = "media stopped",
    .help = "media came, and then no more until the end of the call",
    .matches = matches,
    .write = write,
};
