/* What the media thread tells of itself. */
#include "pacer_private.h"

void pacer_note_losses(struct pacer *pacer, struct line *line)
{
    int fds[2] = {line->rtp_fd, line->rtcp_fd};
    struct event_health *now = &pacer->health.now;
    for (int i = 0; i < 2; i++) {
        uint32_t dropped, queue;
        if (!health_socket(fds[i], &dropped, &queue))
            continue;
        now->dropped += dropped - line->dropped[i];
        line->dropped[i] = dropped;
        if (!now->queue || queue < now->queue)
            now->queue = queue;
    }
    now->received += line->datagrams;
    line->datagrams = 0;
}

void pacer_note_refused(struct pacer *pacer, int error)
{
    pacer->health.now.refused[health_refusal_of(error)]++;
}

void pacer_tell_health(struct pacer *pacer, int64_t now)
{
    struct loop_lag lag;
    struct event event;
    lag_take(&pacer->lag, &lag);
    health_close(&pacer->health, now, &lag, pacer->obeyed, &event);
    pacer->obeyed = 0;
    pacer->event(pacer->to, &event);
}
