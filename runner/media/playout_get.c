#include <stdlib.h>
#include <string.h>

#include "playout_private.h"

#define GUESSES 3

static int64_t step_ns(const struct playout *playout)
{
    return playout_units_ns(playout, playout->step);
}

/* When a timestamp is heard; of the source's time. */
static int64_t due_ns(const struct playout *playout, int64_t timestamp)
{
    return playout_units_ns(playout, timestamp) + playout->offset_ns;
}

/* The packet time that is next: one that the packet before it covers in part is not waited for. */
static int64_t next_due_ns(const struct playout *playout, const struct waiting *head)
{
    bool early = head && head->timestamp < playout->next;
    return due_ns(playout, early ? head->timestamp : playout->next);
}

static bool begin(struct playout *playout, const struct waiting *head, int64_t now_ns)
{
    if (!head)
        return false;
    playout->offset_ns = playout_target_offset_ns(playout);
    if (now_ns < due_ns(playout, head->timestamp))
        return false;
    playout->begun = true;
    playout->next = head->timestamp;
    playout->at_sequence = head->sequence - 1;
    playout->at_timestamp = head->timestamp - playout->step;
    return true;
}

/* Whole packet times before head, the last one perhaps in part. */
static int64_t room_before(const struct playout *playout, const struct waiting *head)
{
    int64_t units = head->timestamp - playout->next;
    return units > 0 ? (units + playout->step - 1) / playout->step : 0;
}

/* Missing packets belong right before head, and a pause before them: so those for which there is no
 * room before it any more were missed while the buffer was empty. Returns the others. */
static int64_t settle(struct playout *playout, const struct waiting *head)
{
    int64_t missing = playout_missing_before(playout, head->sequence);
    int64_t room = room_before(playout, head), gone = missing - room;
    if (playout->pending > (gone > 0 ? gone : 0))
        playout->concealing = false;
    if (gone > 0) {
        playout_settle(playout, gone);
        playout->quiet = false;
        playout->at_sequence = head->sequence - 1 - room;
        playout->at_timestamp = head->timestamp - (room + 1) * playout->step;
        missing = playout_missing_before(playout, head->sequence);
    } else if (playout->pending) {
        playout->quiet = true;
    }
    playout->pending = 0;
    return missing;
}

static void shift(struct playout *playout, int64_t change_ns)
{
    playout->offset_ns += change_ns;
    if (change_ns >= PLAYOUT_MS || change_ns <= -PLAYOUT_MS)
        playout->totals.adjustments++;
}

/* Behind a pause head is to be heard by the delay that is right now. The rest of the pause becomes
 * longer or shorter; what was heard stays. */
static void align(struct playout *playout, const struct waiting *head)
{
    if (!playout->quiet && head->timestamp <= playout->next)
        return;
    int64_t own_ns = playout_units_ns(playout, head->timestamp);
    int64_t from_ns = due_ns(playout, playout->next);
    int64_t wanted_ns = own_ns + playout_target_offset_ns(playout);
    if (wanted_ns < from_ns)
        wanted_ns = from_ns;
    shift(playout, wanted_ns - own_ns - playout->offset_ns);
    playout->next = head->timestamp - (wanted_ns - from_ns) / step_ns(playout) * playout->step;
}

static bool is_short(const struct playout *playout, int64_t target_ns)
{
    int64_t by_ns = fastest_ns(&playout->transit.fastest) + target_ns - playout->offset_ns;
    int64_t half_ns = step_ns(playout) / 2, margin_ns = target_ns / 2;
    if (half_ns > margin_ns)
        half_ns = margin_ns;
    return by_ns >= (half_ns > PLAYOUT_MS ? half_ns : PLAYOUT_MS);
}

static void tell(const struct playout *playout, struct playout_event *event, int64_t sequence,
                 int64_t timestamp)
{
    event->sequence = (uint16_t)sequence;
    event->timestamp = playout->base_timestamp + (uint32_t)timestamp;
    event->due_ns = playout->base_ns + due_ns(playout, timestamp);
}

static enum playout_what insert(struct playout *playout, struct playout_event *event)
{
    tell(playout, event, playout->at_sequence, playout->next);
    event->inserted = true;
    shift(playout, step_ns(playout));
    playout_conceal(playout, 1);
    return PLAYOUT_CONCEAL;
}

/* head, or the packet behind it when head is left out. */
static struct waiting shorten(struct playout *playout, const struct waiting *head,
                              int64_t target_ns)
{
    int64_t over_ns = playout->offset_ns - fastest_ns(&playout->transit.fastest) - target_ns;
    if (over_ns < step_ns(playout) * 3 / 2 || head->timestamp != playout->next ||
        !playout_is(playout, head->sequence + 1, ENTRY_WAITING))
        return *head;
    struct waiting behind = playout_waiting(playout, head->sequence + 1);
    if (behind.timestamp != head->timestamp + playout->step)
        return *head;
    free(playout_take_out(playout, head->sequence).payload);
    playout->totals.dropped++;
    playout->at_sequence = head->sequence;
    playout->at_timestamp = head->timestamp;
    playout->next += playout->step;
    shift(playout, -step_ns(playout));
    return behind;
}

/* Nothing waits. */
static enum playout_what guess(struct playout *playout, int64_t now_ns, struct playout_event *event)
{
    if (playout->late && is_short(playout, playout_target_ns(playout)))
        return insert(playout, event);
    /* Nobody has asked for long: what was not heard need not be told packet by packet. */
    int64_t behind = (now_ns - due_ns(playout, playout->next)) / step_ns(playout) - PLAYOUT_PACKETS;
    if (behind > 0) {
        playout->pending += behind;
        playout->next += behind * playout->step;
    }
    playout->pending++;
    tell(playout, event, playout->at_sequence + playout->pending, playout->next);
    playout->next += playout->step;
    return playout->pending <= GUESSES ? PLAYOUT_CONCEAL : PLAYOUT_SILENCE;
}

static enum playout_what rest(struct playout *playout, struct playout_event *event)
{
    tell(playout, event, playout->at_sequence, playout->next);
    playout->next += playout->step;
    playout->quiet = true;
    playout->concealing = false;
    return PLAYOUT_SILENCE;
}

static enum playout_what conceal(struct playout *playout, const struct waiting *head,
                                 struct playout_event *event)
{
    while (playout_is(playout, playout->at_sequence + 1, ENTRY_OTHER))
        playout->at_sequence++;
    playout->at_sequence++;
    playout->at_timestamp = playout->next;
    tell(playout, event, playout->at_sequence, playout->next);
    if (head->sequence == playout->at_sequence + 1) {
        struct kept kept = playout_payload(playout, head->sequence);
        event->next_payload = kept.payload;
        event->next_length = kept.length;
    }
    playout->next += playout->step;
    playout->quiet = false;
    playout_conceal(playout, 1);
    return PLAYOUT_CONCEAL;
}

static enum playout_what play(struct playout *playout, const struct waiting *head,
                              struct playout_event *event)
{
    tell(playout, event, head->sequence, head->timestamp);
    struct kept kept = playout_take_out(playout, head->sequence);
    playout->low = head->sequence + 1; /* all before it are over */
    playout->lent = kept.payload;
    event->payload = kept.payload;
    event->length = kept.length;
    playout->at_sequence = head->sequence;
    playout->at_timestamp = head->timestamp;
    playout->next = head->timestamp + playout->step;
    playout->quiet = playout->concealing = false;
    playout->totals.played++;
    return PLAYOUT_PACKET;
}

enum playout_what playout_get(struct playout *playout, int64_t now_ns, struct playout_event *event)
{
    if (playout->lent) {
        free(playout->lent);
        playout->lent = NULL;
    }
    if (!playout->known)
        return PLAYOUT_NOTHING;
    now_ns -= playout->base_ns;
    struct waiting first, *head = playout_first(playout, &first) ? &first : NULL;
    if (!playout->begun && !begin(playout, head, now_ns))
        return PLAYOUT_NOTHING;
    if (now_ns < next_due_ns(playout, head))
        return PLAYOUT_NOTHING;
    *event = (struct playout_event){0};
    if (!head)
        return guess(playout, now_ns, event);
    int64_t missing = settle(playout, head);
    if (!missing) {
        align(playout, head);
        if (now_ns < next_due_ns(playout, head))
            return PLAYOUT_NOTHING;
    }
    if (room_before(playout, head) > missing)
        return rest(playout, event);
    int64_t target_ns = playout_target_ns(playout);
    if (is_short(playout, target_ns))
        return insert(playout, event);
    if (missing)
        return conceal(playout, head, event);
    first = shorten(playout, head, target_ns);
    return play(playout, &first, event);
}

void playout_totals(const struct playout *playout, struct playout_totals *totals)
{
    *totals = playout->totals;
    totals->target_ns = playout_target_ns(playout);
    int64_t offset_ns = playout->begun ? playout->offset_ns : playout_target_offset_ns(playout);
    totals->delay_ns = offset_ns - (int64_t)playout->transit.mean;
}
