#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->symptom == SYMPTOM_REPEATS;
}

static void write(struct paragraph *paragraph)
{
    uint32_t most = 0, sum = 0;
    for (uint32_t i = paragraph->cluster->first;
         i < paragraph->cluster->result->roster->endpoint_count; i++) {
        uint32_t each = paragraph->cluster->result->endpoints[i].call.repeats_sent;
        if (!cluster_has(paragraph->cluster, i))
            continue;
        sum += each;
        most = each > most ? each : most;
    }
    say_cause(paragraph,
              "%u SIP messages of these calls had to be sent again (up to %u in a call): packets "
              "are likely lost on the way to %s, or it answers later than 0.5 s.",
              sum, most, paragraph->server);
    say_next(paragraph,
             "look for loss on the path to %s; if there is none, it is slow: try a longer buildup.",
             paragraph->host);
}

const struct diagnosis diagnosis_retransmissions = {
    .name = "retransmissions",
    .title = "many retransmissions",
    .help = "calls went well, but SIP messages had to be sent again",
    .matches = matches,
    .write = write,
};
