/* What the media thread tells of its lines. */
#include "pacer_private.h"
#include "cmtest/loop.h"

void pacer_tell(struct pacer *pacer, uint32_t endpoint, int64_t now, struct event *event)
{
    event->at_ns = clock_utc(now);
    event->endpoint = endpoint;
    pacer->event(pacer->to, event);
}

void pacer_tell_second(struct pacer *pacer, struct line *line, int64_t now)
{
    struct event_second seconds[2];
    line_second(line, now, seconds);
    pacer_note_losses(pacer, line);
    /* A peer may fall silent as soon as we hang up. */
    bool owed = !line->quiet && !line->early && line_ready(line);
    seconds[DIRECTION_SEND].agreed = owed && line->may_send && !line->changed[DIRECTION_SEND];
    seconds[DIRECTION_RECEIVE].agreed =
        owed && line->may_receive && !line->changed[DIRECTION_RECEIVE];
    line->changed[DIRECTION_SEND] = line->changed[DIRECTION_RECEIVE] = false;
    for (int i = 0; i < 2; i++) {
        struct event event = {.kind = EVENT_SECOND, .second = seconds[i]};
        pacer_tell(pacer, line->endpoint, now, &event);
    }
}

/* sent_ns: when the stream's last packet was due. */
void pacer_tell_digits(struct pacer *pacer, struct line *line, int64_t now, int64_t sent_ns)
{
    struct stream_digit digit;
    while (stream_digit(line->stream, now, &digit)) {
        bool sent = digit.direction == DIRECTION_SEND;
        struct event_digit event = {.direction = digit.direction,
                                    .method = digit.method,
                                    .digit = digit.digit,
                                    .incomplete = !digit.ended,
                                    .duration_ns = (int64_t)(digit.duration_ms * 1e6 + 0.5)};
        /* There are more events than digits (RFC 4733 3.2), which are only counted. */
        if (pacer->digit && digit.digit != '?')
            pacer->digit(pacer->owner, line->endpoint, &event,
                         sent ? sent_ns - digit.ago_ns : digit.start_ns);
    }
}

void pacer_tell_changes(struct pacer *pacer, struct line *line, int64_t now)
{
    enum stream_change change;
    int64_t at_ns;
    while (stream_changed(line->stream, now, &change, &at_ns))
        if (pacer->changed)
            pacer->changed(pacer->owner, line->endpoint, change, at_ns);
}

void pacer_tell_pacing(struct pacer *pacer, int64_t now)
{
    struct event_pacing *pacing = &pacer->pacing;
    const struct lag_meter *lateness = &pacer->lateness;
    pacing->p50_ns = lateness->count ? lag_quantile(lateness, 0.50) : EVENT_NONE;
    pacing->p99_ns = lateness->count ? lag_quantile(lateness, 0.99) : EVENT_NONE;
    pacing->max_ns = lateness->count ? lateness->max_ns : EVENT_NONE;
    struct event event = {.kind = EVENT_PACING, .pacing = *pacing};
    pacer_tell(pacer, ROSTER_NONE, now, &event);
    pacer->pacing_told_ns = now;
}
