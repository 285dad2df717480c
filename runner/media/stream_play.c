/* What a stream sends, when it is not the same all the time. */
#include "stream_private.h"

void stream_set_frames(struct stream *stream, const struct frames *frames)
{
    struct sender *sender = &stream->sender;

    stream_count_notes(stream);
    sender->ends = sender->ends && frames == stream->config.frames;
    stream->config.frames = frames;
    echo_free(stream->echo);
    stream->echo = frames ? NULL : echo_new();
    stream->is_read = stream->echo || stream->hearing.listener;
}

static bool fits(const struct stream *stream, const struct frames *frames)
{
    return !frames || (frames->codec == stream->config.codec &&
                       frames->params.ptime_ms == stream->config.ptime_ms);
}

bool stream_play(struct stream *stream, const struct frames *frames, uint64_t skip, uint64_t end,
                 const struct frames *then)
{
    struct sender *sender = &stream->sender;

    if (!fits(stream, frames) || (end != STREAM_ENDLESS && !fits(stream, then)))
        return false;
    if (frames != stream->config.frames)
        stream_set_frames(stream, frames);
    /* Modulo 2^64, as all that is counted by it. */
    sender->origin = sender->frame - skip;
    sender->ends = end != STREAM_ENDLESS;
    sender->end = end;
    sender->then = then;
    return true;
}

void stream_end_play(struct stream *stream)
{
    struct sender *sender = &stream->sender;

    if (!sender->ends || sender->frame - sender->origin < sender->end)
        return;
    sender->ends = false;
    stream_set_frames(stream, sender->then);
    sender->origin = sender->frame;
}
