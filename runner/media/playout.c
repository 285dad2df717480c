#include "cmtest/playout.h"

#include <stdlib.h>
#include <string.h>

#include "cmtest/arena.h"
#include "playout_private.h"

#define DELAY_MAX_NS (60000 * PLAYOUT_MS)
#define DROPOUT 3000 /* RFC 3550 A.1 */
#define JUMP_NS (2000 * PLAYOUT_MS)
#define LATE_NS \
    (1000 * PLAYOUT_MS) /* nothing but late packets for so long: the path is another one */
#define SETTLED 50      /* packets before their variation is believed */
#define STEP_AGREED 3   /* packets that far apart in a row are the sender's packet time */
#define STEP_MIN_NS (PLAYOUT_MS * 5 / 2)
#define STEP_MAX_NS (120 * PLAYOUT_MS)
#define NS_PER_S 1000000000u
#define UNITS_PLAIN INT64_C(9000000000) /* their ns times the clock rate do not overflow */

int64_t playout_between(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

void playout_init(struct playout *playout, const struct playout_config *config)
{
    memset(playout, 0, sizeof *playout);
    struct playout_config *own = &playout->config;
    *own = *config;
    own->maximum_ns = playout_between(own->maximum_ns, 0, DELAY_MAX_NS);
    own->minimum_ns = playout_between(own->minimum_ns, 0, own->maximum_ns);
    own->nominal_ns = own->adaptive
                          ? playout_between(own->nominal_ns, own->minimum_ns, own->maximum_ns)
                          : playout_between(own->nominal_ns, 0, DELAY_MAX_NS);
    own->clock_rate = own->clock_rate ? own->clock_rate : 8000;
    own->packet_step = own->packet_step ? own->packet_step : own->clock_rate / 50;
    playout->step = playout_between(own->packet_step, own->clock_rate / 400 + 1, own->clock_rate);
    playout->unit_ns = NS_PER_S % own->clock_rate ? 0 : NS_PER_S / own->clock_rate;
}

struct playout *playout_new(const struct playout_config *config)
{
    struct playout *playout = mem_alloc(sizeof *playout);
    playout_init(playout, config);
    return playout;
}

int64_t playout_parts_ns(const struct playout *playout, int64_t units)
{
    int64_t rate = playout->config.clock_rate;
    if (units <= UNITS_PLAIN && units >= -UNITS_PLAIN)
        return units * 1000 * PLAYOUT_MS / rate;
    return units / rate * 1000 * PLAYOUT_MS + units % rate * 1000 * PLAYOUT_MS / rate;
}

int64_t playout_target_ns(const struct playout *playout)
{
    const struct transit *transit = &playout->transit;
    if (!playout->config.adaptive || transit->count < SETTLED)
        return playout->config.nominal_ns;
    double ns = transit->mean + 4 * transit->deviation - (double)fastest_ns(&transit->fastest);
    return playout_between((int64_t)ns, playout->config.minimum_ns, playout->config.maximum_ns);
}

int64_t playout_target_offset_ns(const struct playout *playout)
{
    return fastest_ns(&playout->transit.fastest) + playout_target_ns(playout);
}

/* ---- entries ---- */

static uint32_t *timestamp_of(struct playout *playout, int64_t sequence)
{
    return playout->many ? &playout->many[(uint64_t)sequence % PLAYOUT_PACKETS]
                         : &playout->few[(uint64_t)sequence % PLAYOUT_FEW];
}

/* Sequence numbers from low to top may wait. */
static void make_room(struct playout *playout, int64_t low, int64_t top)
{
    if (playout->many || top - low < PLAYOUT_FEW)
        return;
    uint32_t *many = mem_array(PLAYOUT_PACKETS, sizeof *many);
    for (int64_t i = playout->low; i <= playout->top; i++)
        many[(uint64_t)i % PLAYOUT_PACKETS] = *timestamp_of(playout, i);
    playout->many = many;
}

struct waiting playout_waiting(struct playout *playout, int64_t sequence)
{
    int64_t high = playout->high_timestamp;
    uint32_t timestamp = *timestamp_of(playout, sequence);
    return (struct waiting){sequence, high + (int32_t)(timestamp - (uint32_t)high)};
}

bool playout_first(struct playout *playout, struct waiting *first)
{
    if (!playout->totals.waiting)
        return false;
    while (!playout_is(playout, playout->low, ENTRY_WAITING))
        playout->low++;
    *first = playout_waiting(playout, playout->low);
    return true;
}

struct kept playout_payload(const struct playout *playout, int64_t sequence)
{
    return playout->kept ? playout->kept[(uint64_t)sequence % PLAYOUT_PACKETS] : (struct kept){0};
}

struct kept playout_take_out(struct playout *playout, int64_t sequence)
{
    struct kept kept = playout_payload(playout, sequence);
    if (kept.payload)
        playout->kept[(uint64_t)sequence % PLAYOUT_PACKETS] = (struct kept){0};
    uint16_t *entry = playout_entry(playout, sequence);
    *entry = (uint16_t)((*entry & ~ENTRY_STATE) | ENTRY_OVER);
    playout->totals.waiting--;
    return kept;
}

static void flush(struct playout *playout)
{
    for (size_t i = 0; i < PLAYOUT_PACKETS; i++) {
        if ((playout->entries[i] & ENTRY_STATE) == ENTRY_WAITING) {
            free(playout_take_out(playout, (int64_t)i).payload);
            playout->totals.dropped++;
        }
        playout->entries[i] = ENTRY_FREE;
    }
}

void playout_end(struct playout *playout)
{
    flush(playout);
    free(playout->lent);
    free(playout->kept);
    free(playout->many);
}

void playout_free(struct playout *playout)
{
    if (!playout)
        return;
    playout_end(playout);
    free(playout);
}

uint64_t playout_refused(const struct playout *playout)
{
    return playout->totals.discarded + playout->totals.overflowed;
}

/* ---- arriving ---- */

struct spot {
    int64_t sequence, timestamp;
    int64_t arrival_ns, transit_ns;
};

static void start_anew(struct playout *playout, const struct rtp_packet *packet, int64_t arrival_ns)
{
    flush(playout);
    playout->known = true;
    playout->ssrc = packet->ssrc;
    playout->base_timestamp = packet->timestamp;
    playout->base_ns = arrival_ns;
    playout->bad_sequence = RTP_SEQ_NONE;
    playout->high_sequence = packet->sequence;
    playout->high_timestamp = 0;
    playout->step_times = 0;
    playout->transit = (struct transit){0};
    playout->begun = playout->late = playout->quiet = playout->concealing = false;
    playout->pending = 0;
}

static int64_t extended(const struct playout *playout, uint16_t sequence)
{
    return playout->high_sequence + (int16_t)(sequence - (uint16_t)playout->high_sequence);
}

static bool follows(const struct playout *playout, int64_t sequence)
{
    int64_t ahead = sequence - playout->high_sequence;
    return ahead < DROPOUT && ahead > -PLAYOUT_PACKETS;
}

static struct spot spot_of(const struct playout *playout, const struct rtp_packet *packet,
                           int64_t arrival_ns)
{
    uint32_t high = playout->base_timestamp + (uint32_t)playout->high_timestamp;
    struct spot spot = {.sequence = extended(playout, packet->sequence),
                        .timestamp = playout->high_timestamp + (int32_t)(packet->timestamp - high),
                        .arrival_ns = arrival_ns - playout->base_ns};
    spot.transit_ns = spot.arrival_ns - playout_units_ns(playout, spot.timestamp);
    return spot;
}

/* false: a stray. */
static bool locate(struct playout *playout, const struct rtp_packet *packet, int64_t arrival_ns,
                   struct spot *spot)
{
    if (!playout->known || packet->ssrc != playout->ssrc)
        start_anew(playout, packet, arrival_ns);
    *spot = spot_of(playout, packet, arrival_ns);
    if (!follows(playout, spot->sequence) ||
        fabs((double)spot->transit_ns - playout->transit.mean) > (double)JUMP_NS) {
        bool second = packet->sequence == playout->bad_sequence;
        playout->bad_sequence = (uint16_t)(packet->sequence + 1);
        if (!second) {
            playout->totals.strays++;
            return false;
        }
        start_anew(playout, packet, arrival_ns);
        *spot = spot_of(playout, packet, arrival_ns);
    }
    playout->bad_sequence = RTP_SEQ_NONE;
    return true;
}

static void agree(struct playout *playout, int64_t step)
{
    int64_t ns = playout_units_ns(playout, step);
    if (ns >= STEP_MIN_NS && ns <= STEP_MAX_NS)
        playout->step = step;
}

static void learn(struct playout *playout, const struct spot *spot)
{
    transit_add(&playout->transit, spot->transit_ns, spot->arrival_ns);
    if (spot->sequence <= playout->high_sequence)
        return;
    int64_t step = spot->timestamp - playout->high_timestamp;
    if (spot->sequence != playout->high_sequence + 1 || step != playout->step_seen)
        playout->step_times = 0;
    playout->step_seen = (int32_t)step;
    if (++playout->step_times >= STEP_AGREED && step != playout->step)
        agree(playout, step);
    playout->high_sequence = spot->sequence;
    playout->high_timestamp = spot->timestamp;
}

int64_t playout_missing_before(struct playout *playout, int64_t sequence)
{
    int64_t missing = sequence - playout->at_sequence - 1, first = playout->at_sequence + 1;
    if (first < sequence - PLAYOUT_PACKETS + 1)
        first = sequence - PLAYOUT_PACKETS + 1;
    for (int64_t i = first; i < sequence; i++)
        missing -= playout_is(playout, i, ENTRY_OTHER);
    return missing;
}

static bool is_late(struct playout *playout, const struct spot *spot)
{
    int64_t offset = playout->offset_ns;
    if (!playout->begun)
        return false;
    if (spot->sequence <= playout->at_sequence)
        return true;
    /* The first packet behind a pause is played by the delay that is right now. */
    if (playout->pending && spot->timestamp > playout->at_timestamp + playout->step &&
        !playout_missing_before(playout, spot->sequence)) {
        int64_t target = playout_target_offset_ns(playout);
        return spot->transit_ns > (offset > target ? offset : target);
    }
    return spot->timestamp < playout->next || spot->transit_ns > offset;
}

void playout_conceal(struct playout *playout, int64_t packets)
{
    if (packets <= 0)
        return;
    playout->totals.concealments += !playout->concealing;
    playout->totals.concealed += (uint64_t)packets;
    playout->concealing = true;
}

void playout_settle(struct playout *playout, int64_t missing)
{
    missing = playout_between(missing, 0, playout->pending);
    playout->pending -= missing;
    playout_conceal(playout, missing);
}

static void discard(struct playout *playout, uint16_t *entry, const struct spot *spot)
{
    playout->totals.discarded++;
    if ((*entry & ENTRY_STATE) != ENTRY_WAITING)
        *entry = playout_entry_of(ENTRY_OVER, spot->sequence);
    if (spot->sequence > playout->at_sequence && playout->pending && !playout->totals.waiting) {
        playout_settle(playout, playout_missing_before(playout, spot->sequence) + 1);
        playout->at_sequence = spot->sequence;
        playout->at_timestamp = spot->timestamp;
    }
}

static void keep(struct playout *playout, int64_t sequence, const uint8_t *payload, size_t length)
{
    if (!playout->kept)
        playout->kept = mem_array(PLAYOUT_PACKETS, sizeof *playout->kept);
    struct kept *kept = &playout->kept[(uint64_t)sequence % PLAYOUT_PACKETS];
    kept->payload = mem_alloc(length);
    kept->length = length;
    memcpy(kept->payload, payload, length);
}

static void store(struct playout *playout, const struct spot *spot, const struct rtp_packet *packet)
{
    uint16_t *entry = playout_entry(playout, spot->sequence);
    if (!playout->totals.waiting)
        playout->low = playout->top = spot->sequence;
    int64_t low = spot->sequence < playout->low ? spot->sequence : playout->low;
    int64_t top = spot->sequence > playout->top ? spot->sequence : playout->top;
    if (top - low >= PLAYOUT_PACKETS) {
        playout->totals.overflowed++;
        return;
    }
    make_room(playout, low, top);
    playout->low = low;
    playout->top = top;
    *entry = playout_entry_of(ENTRY_WAITING, spot->sequence);
    *timestamp_of(playout, spot->sequence) = (uint32_t)spot->timestamp;
    if (packet->payload && packet->payload_length)
        keep(playout, spot->sequence, packet->payload, packet->payload_length);
    playout->totals.waiting++;
}

void playout_put(struct playout *playout, const struct rtp_packet *packet, int64_t arrival_ns)
{
    struct spot spot;
    if (!locate(playout, packet, arrival_ns, &spot))
        return;
    uint16_t *entry = playout_entry(playout, spot.sequence);
    enum state state = *entry & ENTRY_STATE;
    if (state != ENTRY_FREE && playout_is(playout, spot.sequence, state)) {
        playout->totals.duplicates++;
        return;
    }
    learn(playout, &spot);
    if (is_late(playout, &spot)) {
        if (!playout->late)
            playout->late_ns = spot.arrival_ns;
        playout->late = true;
        if (spot.arrival_ns - playout->late_ns < LATE_NS) {
            discard(playout, entry, &spot);
            return;
        }
        start_anew(playout, packet, arrival_ns);
        playout->totals.adjustments++;
        spot = spot_of(playout, packet, arrival_ns);
        learn(playout, &spot);
    }
    playout->late = false;
    store(playout, &spot, packet);
}

void playout_other(struct playout *playout, const struct rtp_packet *packet)
{
    if (!playout->known || packet->ssrc != playout->ssrc)
        return;
    int64_t sequence = extended(playout, packet->sequence);
    uint16_t *entry = playout_entry(playout, sequence);
    if (!follows(playout, sequence) || (*entry & ENTRY_STATE) == ENTRY_WAITING)
        return;
    *entry = playout_entry_of(ENTRY_OTHER, sequence);
    if (sequence > playout->high_sequence) {
        playout->high_sequence = sequence;
        playout->step_times = 0;
    }
    if (playout->begun && sequence == playout->at_sequence + 1)
        playout->at_sequence = sequence;
}
