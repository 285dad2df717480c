/* When what comes from the peer begins, ends, is heard, or is silence. */
#include <string.h>
#include "stream_private.h"

static void keep(struct stream *stream, enum stream_change change, int64_t at_ns)
{
    if (stream->change_count == CHANGES_MAX)
        memmove(stream->changes, stream->changes + 1,
                --stream->change_count * sizeof stream->changes[0]);
    stream->changes[stream->change_count].change = change;
    stream->changes[stream->change_count++].at_ns = at_ns;
}

static void notice_end(struct stream *stream, int64_t now_ns)
{
    if (!stream->flows || now_ns - stream->flowing_ns < STREAM_STOPPED_NS)
        return;
    stream->flows = false;
    keep(stream, STREAM_STOPPED, stream->flowing_ns);
}

void stream_flowed(struct stream *stream, int64_t arrival_ns)
{
    notice_end(stream, arrival_ns);
    if (!stream->flows)
        keep(stream, STREAM_STARTED, arrival_ns);
    stream->flows = true;
    stream->flowing_ns = arrival_ns;
}

bool stream_changed(struct stream *stream, int64_t now_ns, enum stream_change *change,
                    int64_t *at_ns)
{
    struct sound_change sound;

    if (stream->flows && now_ns - stream->flowing_ns >= STREAM_STOPPED_NS)
        stream_count_notes(stream);
    notice_end(stream, now_ns);
    bool decoded = stream->is_read && stream->hearing.listener;
    if (decoded)
        hearing_run(&stream->hearing, now_ns);
    while (decoded && sound_take(&stream->hearing.listener->sound, &sound))
        keep(stream, sound.audio ? STREAM_AUDIO : STREAM_SILENCE, sound.at_ns);
    if (!stream->change_count)
        return false;
    *change = stream->changes[0].change;
    *at_ns = stream->changes[0].at_ns;
    memmove(stream->changes, stream->changes + 1,
            --stream->change_count * sizeof stream->changes[0]);
    return true;
}
