/* What is done on purpose to the packets of a line. */
#include "line.h"
#include "cmtest/loop.h"
#include "cmtest/random.h"

#include <string.h>

_Static_assert(LINE_PACKET_MAX <= IMPAIRMENT_BYTES, "a packet of ours fits");

/* Never lost and never overtaking: losing them would only make what both sides tell sparse. */
static void impair_reports(struct line *line, int way, const struct impairment_config *config,
                           uint64_t seed)
{
    const struct impairment_config delays = {
        .delay_ns = config->delay_ns, .jitter_ns = config->jitter_ns, .keep_order = true};
    if (line->reports[way])
        impairment_change(line->reports[way], &delays);
    else if (delays.delay_ns || delays.jitter_ns)
        line->reports[way] = impairment_new(&delays, seed);
}

void line_impair(struct line *line, const struct impairment_config *const configs[2], uint64_t seed)
{
    static const struct impairment_config none = {.keep_order = true};
    struct random seeds;
    random_init(&seeds, seed);
    for (int i = 0; i < 2; i++) {
        uint64_t own = random_next(&seeds);
        if (line->impaired[i])
            impairment_change(line->impaired[i], configs[i] ? configs[i] : &none);
        else if (configs[i])
            line->impaired[i] = impairment_new(configs[i], own);
        impair_reports(line, i, configs[i] ? configs[i] : &none, own + 1);
    }
}

void line_unimpair(struct line *line)
{
    impairment_free(line->impaired[DIRECTION_SEND]);
    impairment_free(line->impaired[DIRECTION_RECEIVE]);
    impairment_free(line->reports[DIRECTION_SEND]);
    impairment_free(line->reports[DIRECTION_RECEIVE]);
}

/* To the nearest millisecond: half of them a little early, so that the mean stays true. */
static int64_t turn_of(const struct impairment *impairment)
{
    int64_t due_ns = impairment ? impairment_due(impairment) : INT64_MAX;
    return due_ns == INT64_MAX ? due_ns : (due_ns + NS_PER_MS / 2) / NS_PER_MS * NS_PER_MS;
}

int64_t line_due(const struct line *line)
{
    int64_t packet_ns = turn_of(line->impaired[DIRECTION_SEND]);
    int64_t report_ns = turn_of(line->reports[DIRECTION_SEND]);
    int64_t due_ns = packet_ns < report_ns ? packet_ns : report_ns;
    return due_ns < line->due_ns ? due_ns : line->due_ns;
}

size_t line_take(struct line *line, int64_t now, uint8_t *bytes, int64_t *due_ns)
{
    return impairment_take(line->impaired[DIRECTION_SEND], now + NS_PER_MS / 2, bytes, due_ns);
}

/* Not what shares the port with it: RTCP (RFC 5761), DTLS (RFC 7983). */
static bool is_rtp(const uint8_t *bytes, size_t length)
{
    return length >= 12 && length <= IMPAIRMENT_BYTES && bytes[0] >> 6 == 2 &&
           !(bytes[1] >= 192 && bytes[1] <= 223);
}

bool line_hold(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival)
{
    if (!line->impaired[DIRECTION_RECEIVE] || !is_rtp(bytes, length))
        return false;
    impairment_offer(line->impaired[DIRECTION_RECEIVE], bytes, length, arrival);
    return true;
}

bool line_delay_report(struct line *line, const uint8_t *bytes, size_t length, int64_t now)
{
    if (!line->reports[DIRECTION_SEND] || length > IMPAIRMENT_BYTES)
        return false;
    impairment_offer(line->reports[DIRECTION_SEND], bytes, length, now);
    return true;
}

void line_send_reports(struct line *line, int64_t now)
{
    uint8_t bytes[IMPAIRMENT_BYTES];
    int64_t due_ns;
    size_t length;
    if (!line->reports[DIRECTION_SEND])
        return;
    while ((length = impairment_take(line->reports[DIRECTION_SEND], now + NS_PER_MS / 2, bytes,
                                     &due_ns)))
        (void)line_transmit_report(line, bytes, length);
}

bool line_hold_report(struct line *line, const uint8_t *bytes, size_t length, int64_t arrival)
{
    if (!line->reports[DIRECTION_RECEIVE] || !length || length > IMPAIRMENT_BYTES)
        return false;
    impairment_offer(line->reports[DIRECTION_RECEIVE], bytes, length, arrival);
    return true;
}

static void settle_reports(struct line *line, int64_t now)
{
    uint8_t bytes[IMPAIRMENT_BYTES];
    int64_t due_ns;
    size_t length;
    if (!line->reports[DIRECTION_RECEIVE])
        return;
    while ((length = impairment_take(line->reports[DIRECTION_RECEIVE], now, bytes, &due_ns)))
        stream_rtcp_receive(line->stream, bytes, length, due_ns, clock_utc(due_ns));
}

void line_settle(struct line *line, int64_t now)
{
    uint8_t bytes[IMPAIRMENT_BYTES];
    int64_t due_ns;
    size_t length;
    settle_reports(line, now);
    if (!line->impaired[DIRECTION_RECEIVE])
        return;
    while ((length = impairment_take(line->impaired[DIRECTION_RECEIVE], now, bytes, &due_ns)))
        line_deliver(line, bytes, length, due_ns);
}

void line_truth(const struct line *line, struct event_impairment out[2])
{
    memset(out, 0, 2 * sizeof *out);
    for (int i = 0; i < 2; i++) {
        struct impairment_truth truth;
        if (!line->impaired[i])
            continue;
        impairment_truth(line->impaired[i], &truth);
        bool any = truth.delivered > 0;
        out[i] = (struct event_impairment){
            .known = true,
            .packets = truth.offered,
            .lost = truth.lost,
            .reordered = truth.reordered,
            .duplicated = truth.duplicated,
            .overflowed = truth.overflowed,
            .waiting = truth.waiting,
            .delay_mean_ns = any ? truth.delay_sum_ns / (int64_t)truth.delivered : EVENT_NONE,
            .delay_min_ns = any ? truth.delay_min_ns : EVENT_NONE,
            .delay_max_ns = any ? truth.delay_max_ns : EVENT_NONE,
        };
    }
}
