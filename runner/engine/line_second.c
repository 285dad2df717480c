#include "line.h"

/* What came to `total` since the last second, of which *before is left. */
static double since(uint64_t total, uint64_t *before)
{
    double more = (double)(total - *before);
    *before = total;
    return more;
}

static void add_security(struct line *line, struct event_second seconds[2])
{
    struct event_second *send = &seconds[DIRECTION_SEND], *receive = &seconds[DIRECTION_RECEIVE];
    struct keying_totals *then = &line->told;
    struct stream_totals totals = {0};
    if (!line->keying && !line->past.suite)
        return;
    line_add_totals(line, &totals);
    const struct keying_totals *now = &totals.security;
    second_set(send, READING_SRTP_UNSENT, since(now->send_refused, &then->send_refused));
    second_set(receive, READING_SRTP_FAILED, since(now->auth_failed, &then->auth_failed));
    second_set(receive, READING_SRTP_FAILED_TOTAL, (double)now->auth_failed);
    second_set(receive, READING_SRTP_REPLAYS, since(now->replayed, &then->replayed));
    second_set(receive, READING_SRTP_MALFORMED, since(now->malformed, &then->malformed));
    second_set(receive, READING_SRTP_EARLY, since(now->early, &then->early));
    second_set(receive, READING_SRTP_REKEYINGS, since(now->rekeyings, &then->rekeyings));
    if (!now->handshakes && !then->handshakes && !line->shaken)
        return;
    second_set(receive, READING_DTLS_HANDSHAKES, since(now->handshakes, &then->handshakes));
    second_set(receive, READING_DTLS_REHANDSHAKES, (double)now->rehandshakes);
}

void line_second(struct line *line, int64_t now, struct event_second seconds[2])
{
    struct event_second *receive = &seconds[DIRECTION_RECEIVE];
    stream_second(line->stream, now, seconds);
    if (line->filtered)
        second_forget(receive, READING_STRANGERS);
    line->filtered = line->connected;
    add_security(line, seconds);
}
