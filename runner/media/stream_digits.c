/* The digits of a stream, in events and in the audio. */
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/text.h"
#include "stream_private.h"

#define NS_PER_MS INT64_C(1000000)
#define DIGIT_VOLUME 10 /* -dBm0 of ours */
/* A third of what an event may be silent: jitter and a burst of losses must not cut it off. */
#define PATIENCE_NS (60 * NS_PER_MS)

static void keep(struct stream *stream, const struct stream_digit *digit)
{
    if (!stream->heard)
        stream->heard = mem_array(DIGITS_MAX, sizeof *stream->heard);
    if (stream->digit_count == DIGITS_MAX) {
        stream->digit_first++;
        stream->digit_count--;
    }
    stream->heard[(stream->digit_first + stream->digit_count++) % DIGITS_MAX] = *digit;
}

/* ---- sending -------------------------------------------------------------------------------- */

bool stream_dtmf(struct stream *stream, char digit, uint32_t duration_ms, uint32_t gap_ms)
{
    uint64_t rate = stream->config.codec->clock_rate;

    if (!stream->config.send_events_payload_type || duration_ms > 3600000 || gap_ms > 3600000)
        return false;
    if (!stream->sender.dtmf) {
        stream->sender.dtmf = mem_alloc(sizeof *stream->sender.dtmf);
        dtmf_sender_init(stream->sender.dtmf, DIGIT_VOLUME);
    }
    return dtmf_send(stream->sender.dtmf, dtmf_event(digit), (uint32_t)(rate * duration_ms / 1000),
                     (uint32_t)(rate * gap_ms / 1000));
}

bool stream_next_event(struct stream *stream, struct rtp_packet *packet, struct dtmf_packet *event)
{
    struct sender *sender = &stream->sender;
    struct dtmf_sender *dtmf = sender->dtmf;

    if (!dtmf || !stream->config.send_events_payload_type || !dtmf->count)
        return false;
    unsigned waiting = dtmf->count;
    bool begins = !dtmf->active;
    struct dtmf_tone tone = dtmf->queue[dtmf->first];
    if (!dtmf_next(dtmf, packet->timestamp, stream->step, event))
        return false;
    if (begins)
        sender->digit_frame = sender->frame;
    if (dtmf->count < waiting) {
        struct stream_digit sent = {.direction = DIRECTION_SEND,
                                    .method = DIGIT_RTP,
                                    .digit = dtmf_digit(tone.event),
                                    .duration_ms =
                                        tone.duration * 1e3 / stream->config.codec->clock_rate,
                                    .ago_ns = (int64_t)(sender->frame - sender->digit_frame) *
                                              stream->config.ptime_ms * NS_PER_MS,
                                    .ended = true};
        keep(stream, &sent);
        sender->digits++;
    }
    packet->payload_type = stream->config.send_events_payload_type;
    packet->timestamp = event->timestamp;
    packet->marker = event->marker;
    packet->payload = event->payload;
    packet->payload_length = DTMF_PAYLOAD_BYTES;
    return true;
}

static bool fits(const struct stream *stream, const struct frames *frames)
{
    return frames->codec == stream->config.codec &&
           frames->params.ptime_ms == stream->config.ptime_ms;
}

bool stream_tones(struct stream *stream, const struct frames *frames, const char *digits,
                  const struct dtmf_timing *timing)
{
    struct tones **end = &stream->sender.tones;

    if (!fits(stream, frames) || strlen(digits) > STREAM_TONES_MAX)
        return false;
    struct tones *tones = mem_alloc(sizeof *tones);
    tones->frames = frames;
    tones->timing = *timing;
    text_copy(tones->digits, sizeof tones->digits, digits);
    while (*end)
        end = &(*end)->next;
    *end = tones;
    return true;
}

static void drop_first(struct sender *sender)
{
    struct tones *first = sender->tones;

    sender->tones = first->next;
    free(first);
}

void stream_drop_tones(struct stream *stream, bool all)
{
    while (stream->sender.tones && (all || !fits(stream, stream->sender.tones->frames)))
        drop_first(&stream->sender);
}

void stream_drop_events(struct stream *stream)
{
    free(stream->sender.dtmf);
    stream->sender.dtmf = NULL;
}

/* Those whose tone ends with the frame that is being sent. */
static void tell_tones(struct stream *stream, struct tones *tones)
{
    const struct dtmf_timing *timing = &tones->timing;
    uint64_t ptime = stream->config.ptime_ms, begins = tones->frame * ptime;
    uint64_t each = (uint64_t)timing->tone_ms + timing->gap_ms;
    uint64_t start = timing->lead_ms + tones->told * each;

    for (; tones->digits[tones->told] && begins + ptime >= start + timing->tone_ms; start += each) {
        struct stream_digit sent = {.direction = DIRECTION_SEND,
                                    .method = DIGIT_INBAND,
                                    .digit = dtmf_digit(dtmf_event(tones->digits[tones->told])),
                                    .duration_ms = timing->tone_ms,
                                    .ago_ns = ((int64_t)begins - (int64_t)start) * NS_PER_MS,
                                    .ended = true};
        keep(stream, &sent);
        tones->told++;
        stream->sender.tone_digits++;
    }
}

bool stream_next_tones(struct stream *stream, struct rtp_packet *packet)
{
    struct tones *tones = stream->sender.tones;
    const struct frames *frames = tones->frames;

    packet->payload = frames->bytes + frames->offsets[tones->frame];
    packet->payload_length = frames->offsets[tones->frame + 1] - frames->offsets[tones->frame];
    tell_tones(stream, tones);
    if (++tones->frame == frames->count)
        drop_first(&stream->sender);
    return true;
}

/* ---- receiving ------------------------------------------------------------------------------ */

void stream_digit_ended(struct stream *stream, const struct dtmf_received *digit)
{
    struct stream_digit heard = {.direction = DIRECTION_RECEIVE,
                                 .method = DIGIT_RTP,
                                 .digit = dtmf_digit(digit->event),
                                 .duration_ms =
                                     digit->duration * 1e3 / stream->config.codec->clock_rate,
                                 .start_ns = digit->start_ns,
                                 .ended = digit->ends >= DTMF_ENDS};

    stream->digits++;
    stream->digits_unended += !heard.ended;
    stream->digit_ms = heard.duration_ms;
    keep(stream, &heard);
}

static void expire(struct stream *stream, int64_t now_ns)
{
    int64_t ptime_ns = stream->config.ptime_ms * NS_PER_MS;
    struct dtmf_received ended;

    if (dtmf_expire(stream->dtmf, now_ns, ptime_ns > PATIENCE_NS ? ptime_ns : PATIENCE_NS, &ended))
        stream_digit_ended(stream, &ended);
}

void stream_gather_digits(struct stream *stream, int64_t now_ns)
{
    struct dtmf_heard heard;

    if (stream->dtmf)
        expire(stream, now_ns);
    while (stream->is_read && hearing_digit(&stream->hearing, &heard)) {
        struct stream_digit digit = {.direction = DIRECTION_RECEIVE,
                                     .method = DIGIT_INBAND,
                                     .digit = heard.digit,
                                     .duration_ms = (double)heard.duration_ns / 1e6,
                                     .start_ns = heard.start_ns,
                                     .ended = true};
        stream->digits_heard++;
        keep(stream, &digit);
    }
}

bool stream_digit(struct stream *stream, int64_t now_ns, struct stream_digit *digit)
{
    stream_gather_digits(stream, now_ns);
    if (!stream->digit_count)
        return false;
    *digit = stream->heard[stream->digit_first % DIGITS_MAX];
    stream->digit_first++;
    stream->digit_count--;
    return true;
}
