/* A peer that changes among the codecs of its answer in mid-call. */
#include <string.h>
#include "stream_private.h"

void stream_set_clock(struct stream *stream, uint32_t clock_rate)
{
    struct rtp_receiver *receiver = &stream->receiver;

    receiver->jitter *= (double)clock_rate / receiver->clock_rate;
    receiver->clock_rate = clock_rate;
    receiver->transit_known = false;
    arrivals_restart(&stream->arrivals);
    memset(&stream->clocks, 0, sizeof stream->clocks);
}

/* One that was overtaken by the change does not take it back: the decoder would begin anew twice.
 * Another source has to be believed in first. */
static bool is_news(const struct rtp_receiver *receiver, const struct rtp_packet *packet)
{
    return !receiver->started || (packet->ssrc == receiver->ssrc &&
                                  (uint16_t)(packet->sequence - receiver->max_seq - 1) < 0x8000);
}

static void change_to(struct stream *stream, struct codec_format *other)
{
    struct codec_format now = *other;
    bool same_clock = now.codec->clock_rate == stream->receiver.clock_rate;

    *other = (struct codec_format){stream->hearing.codec, stream->config.receive_payload_type};
    stream->config.receive_payload_type = now.payload_type;
    hearing_change(&stream->hearing, now.codec, stream->config.ptime_ms);
    if (!same_clock)
        stream_set_clock(stream, now.codec->clock_rate);
}

bool stream_follow(struct stream *stream, const struct rtp_packet *packet)
{
    for (size_t i = 0; i < stream->config.other_count; i++) {
        struct codec_format *other = &stream->config.others[i];
        if (other->payload_type != packet->payload_type)
            continue;
        if (!is_news(&stream->receiver, packet))
            return true;
        change_to(stream, other);
        return false;
    }
    return false;
}
