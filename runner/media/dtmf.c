#include "cmtest/dtmf.h"

#include <string.h>

#include "bytes.h"

#define EVENTS 16
#define DURATION_MAX 0xFFFFu
#define GAP_MAX (1u << 30)
#define END_BIT 0x80
#define VOLUME_BITS 0x3f

static const char digits[EVENTS + 1] = "0123456789*#ABCD";

int dtmf_event(char digit)
{
    if (digit >= 'a' && digit <= 'd')
        digit = (char)(digit - 'a' + 'A');
    const char *at = digit ? strchr(digits, digit) : NULL;
    return at ? (int)(at - digits) : -1;
}

char dtmf_digit(int event)
{
    return event >= 0 && event < EVENTS ? digits[event] : '?';
}

/* ---- sending ---- */

void dtmf_sender_init(struct dtmf_sender *sender, uint8_t volume)
{
    memset(sender, 0, sizeof *sender);
    sender->volume = volume < VOLUME_BITS ? volume : VOLUME_BITS;
}

bool dtmf_send(struct dtmf_sender *sender, int event, uint32_t duration, uint32_t gap)
{
    if (event < 0 || event >= EVENTS || !duration || sender->count == DTMF_QUEUE)
        return false;
    sender->queue[(sender->first + sender->count++) % DTMF_QUEUE] = (struct dtmf_tone){
        .event = (uint8_t)event, .duration = duration, .gap = gap < GAP_MAX ? gap : GAP_MAX};
    return true;
}

static bool begin(struct dtmf_sender *sender, uint32_t timestamp)
{
    if (sender->quiet && (int32_t)(timestamp - sender->quiet_until) >= 0)
        sender->quiet = false;
    if (sender->quiet || !sender->count)
        return false;
    sender->active = true;
    sender->timestamp = timestamp;
    sender->past = 0;
    sender->ends = 0;
    return true;
}

static void finish(struct dtmf_sender *sender)
{
    const struct dtmf_tone *tone = &sender->queue[sender->first];
    sender->quiet = true;
    sender->quiet_until = sender->timestamp + (tone->duration - sender->past) + tone->gap;
    sender->active = false;
    sender->first = (sender->first + 1) % DTMF_QUEUE;
    sender->count--;
}

bool dtmf_next(struct dtmf_sender *sender, uint32_t timestamp, uint32_t step,
               struct dtmf_packet *packet)
{
    packet->marker = !sender->active;
    if (!sender->active && !begin(sender, timestamp))
        return false;
    const struct dtmf_tone *tone = &sender->queue[sender->first];
    uint32_t left = tone->duration - sender->past;
    uint64_t reached = (uint64_t)(timestamp - sender->timestamp) + step;
    bool over = sender->ends || reached >= left;
    if (over)
        reached = left;
    bool end = over && left <= DURATION_MAX;
    if (reached > DURATION_MAX)
        reached = DURATION_MAX;
    packet->timestamp = sender->timestamp;
    packet->payload[0] = tone->event;
    packet->payload[1] = (uint8_t)((end ? END_BIT : 0) | sender->volume);
    bytes_put16(packet->payload + 2, (uint16_t)reached);
    if (end) {
        if (++sender->ends == DTMF_ENDS)
            finish(sender);
    } else if (reached == DURATION_MAX) {
        sender->timestamp += DURATION_MAX;
        sender->past += DURATION_MAX;
    }
    return true;
}

bool dtmf_idle(const struct dtmf_sender *sender)
{
    return !sender->count;
}

/* ---- receiving ---- */

struct report {
    uint8_t event, volume;
    bool end, marker;
    uint16_t duration;
    uint32_t timestamp, ssrc;
    int64_t arrival_ns;
};

enum relation { IS_NEW, IS_SAME, IS_SEGMENT, IS_LATE };

void dtmf_receiver_init(struct dtmf_receiver *receiver)
{
    memset(receiver, 0, sizeof *receiver);
}

static enum relation relate(const struct dtmf_receiver *receiver, const struct report *report)
{
    if (!receiver->known || report->ssrc != receiver->ssrc)
        return IS_NEW;
    uint32_t ahead = report->timestamp - receiver->timestamp;
    bool same = report->event == receiver->now.event;
    if (same && ahead == 0)
        return IS_SAME;
    /* A segment begins where the one before it ended (2.5.1.3), whose last packet may be lost. It
     * is no event of its own even if too many were lost to wait for it. */
    if (same && !receiver->now.ends && !report->marker &&
        (ahead == DURATION_MAX || ahead == receiver->told))
        return IS_SEGMENT;
    /* Overtaken on its way. Further back it is a sender that began its timestamps anew. */
    return ahead != 0 && -ahead <= DURATION_MAX ? IS_LATE : IS_NEW;
}

static void close_event(struct dtmf_receiver *receiver, struct dtmf_received *ended)
{
    struct dtmf_received *now = &receiver->now;
    now->duration = receiver->past + receiver->told;
    now->started_late = !now->marked && receiver->growth && receiver->shortest > receiver->growth;
    receiver->active = false;
    *ended = *now;
}

static void open_event(struct dtmf_receiver *receiver, const struct report *report)
{
    receiver->known = receiver->active = true;
    receiver->ssrc = report->ssrc;
    receiver->timestamp = report->timestamp;
    receiver->past = 0;
    receiver->told = 0;
    receiver->shortest = UINT16_MAX;
    receiver->growth = 0;
    receiver->now = (struct dtmf_received){.event = report->event, .start_ns = report->arrival_ns};
}

static void take(struct dtmf_receiver *receiver, const struct report *report)
{
    struct dtmf_received *now = &receiver->now;
    if (receiver->past == 0) {
        uint16_t grown = (uint16_t)(report->duration - receiver->told);
        /* An event may end within a packet time: its last growth tells nothing. */
        if (now->packets && report->duration > receiver->told && !report->end &&
            (!receiver->growth || grown < receiver->growth))
            receiver->growth = grown;
        if (report->duration < receiver->shortest)
            receiver->shortest = report->duration;
    }
    if (report->duration > receiver->told)
        receiver->told = report->duration;
    now->packets++;
    now->volume = report->volume;
    now->marked |= report->marker;
    now->ends += report->end;
    receiver->last_ns = report->arrival_ns;
}

bool dtmf_receive(struct dtmf_receiver *receiver, const uint8_t *payload, size_t length,
                  uint32_t timestamp, uint32_t ssrc, bool marker, int64_t arrival_ns,
                  struct dtmf_received *ended)
{
    if (length < DTMF_PAYLOAD_BYTES || length % DTMF_PAYLOAD_BYTES) {
        receiver->malformed++;
        return false;
    }
    struct report report = {.event = payload[0],
                            .volume = payload[1] & VOLUME_BITS,
                            .end = payload[1] & END_BIT,
                            .marker = marker,
                            .duration = bytes_get16(payload + 2),
                            .timestamp = timestamp,
                            .ssrc = ssrc,
                            .arrival_ns = arrival_ns};
    bool over = false;
    switch (relate(receiver, &report)) {
    case IS_LATE:
        receiver->late++;
        return false;
    case IS_NEW:
        over = receiver->active;
        if (over)
            close_event(receiver, ended);
        open_event(receiver, &report);
        break;
    case IS_SEGMENT:
        receiver->past += timestamp - receiver->timestamp;
        receiver->timestamp = timestamp;
        receiver->told = 0;
        break;
    case IS_SAME:
        break;
    }
    if (!receiver->active)
        return false;
    take(receiver, &report);
    if (receiver->now.ends == DTMF_ENDS) {
        close_event(receiver, ended);
        over = true;
    }
    return over;
}

bool dtmf_expire(struct dtmf_receiver *receiver, int64_t now_ns, int64_t interval_ns,
                 struct dtmf_received *ended)
{
    if (!receiver->active || now_ns - receiver->last_ns < 3 * interval_ns)
        return false;
    close_event(receiver, ended);
    return true;
}
