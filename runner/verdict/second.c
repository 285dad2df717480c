#include "second.h"

static bool is_heard(const struct event_second *second)
{
    double packets = 0;
    return second_get(second, READING_PACKETS, &packets) && packets > 0;
}

void seconds_take(struct result_seconds *seconds, const struct event_second *second, int64_t at_ns)
{
    seconds->count++;
    if (second->direction != DIRECTION_RECEIVE) {
        if (second->agreed)
            seconds->sent_ns = at_ns;
        return;
    }
    bool heard = is_heard(second);
    if (heard)
        seconds->last_heard = second->second + 1;
    if (second->length_ms < 1000)
        return;
    seconds->heard |= heard;
    seconds->last_ns = at_ns;
    seconds->silent_run = second->agreed && !heard ? seconds->silent_run + 1 : 0;
    /* The first one holds the start of media, and a part of a second its end. */
    if (second->agreed && second->second > 0) {
        seconds->agreed++;
        seconds->silent += !heard;
    }
}
