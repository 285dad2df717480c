/*
 * playout_private: what playout.c (packets that arrive) and playout_get.c (what is heard) share.
 */
#ifndef MEDIA_PLAYOUT_PRIVATE_H
#define MEDIA_PLAYOUT_PRIVATE_H

#include "cmtest/playout.h"
#include "transit.h"

#define PLAYOUT_MS INT64_C(1000000)

enum state { ENTRY_FREE, ENTRY_WAITING, ENTRY_OVER, ENTRY_OTHER };

/* Sequence numbers and timestamps are extended: they do not wrap, and timestamps begin at 0. */

/* What became of a sequence number: its state in two bits, and behind them its round (sequence /
 * PLAYOUT_PACKETS), of which the lower bits are enough: all are of one source, and not long ago. */
#define ENTRY_STATE 3u

/* Timestamps that have a place without asking for memory. */
#define PLAYOUT_FEW 16

struct kept {
    uint8_t *payload;
    size_t length;
};

/* A packet in the buffer. */
struct waiting {
    int64_t sequence, timestamp;
};

struct playout {
    struct playout_config config;
    struct playout_totals totals;
    int64_t low, top; /* sequence numbers: what waits is not outside */
    uint8_t *lent;
    /* The source. Times are from its first arrival. */
    bool known;
    bool late;              /* since late_ns nothing else came */
    bool begun;             /* what is heard has */
    bool quiet, concealing; /* the last packet time was a pause; was concealed */
    uint32_t ssrc, base_timestamp, bad_sequence;
    unsigned step_times;
    int64_t base_ns, high_sequence, high_timestamp;
    int64_t step;
    int32_t step_seen;
    uint32_t unit_ns; /* of a timestamp; 0: it is no whole number */
    struct transit transit;
    int64_t late_ns;
    /* What is heard: a timestamp is due offset_ns after its own time. */
    int64_t offset_ns, next;           /* timestamp of the next packet time */
    int64_t at_sequence, at_timestamp; /* heard or missed last */
    int64_t pending;                   /* packet times since, with an empty buffer */
    struct kept *kept;                 /* of PLAYOUT_PACKETS entries; NULL: no payload ever came */
    uint32_t *many; /* timestamps of what waits, when it is more than PLAYOUT_FEW; else NULL */
    uint32_t few[PLAYOUT_FEW];
    uint16_t entries[PLAYOUT_PACKETS];
};

/* The same as playout_new() and playout_free() of one that has its place. */
void playout_init(struct playout *playout, const struct playout_config *config);
void playout_end(struct playout *playout);

int64_t playout_between(int64_t value, int64_t low, int64_t high);
/* Not of a whole number of ns. */
int64_t playout_parts_ns(const struct playout *playout, int64_t units);

static inline int64_t playout_units_ns(const struct playout *playout, int64_t units)
{
    return playout->unit_ns ? units * playout->unit_ns : playout_parts_ns(playout, units);
}

/* After the fastest packet; and after the time of its timestamp. */
int64_t playout_target_ns(const struct playout *playout);
int64_t playout_target_offset_ns(const struct playout *playout);

static inline uint16_t playout_entry_of(enum state state, int64_t sequence)
{
    return (uint16_t)((uint64_t)sequence / PLAYOUT_PACKETS * (ENTRY_STATE + 1) | state);
}

static inline uint16_t *playout_entry(struct playout *playout, int64_t sequence)
{
    return &playout->entries[(uint64_t)sequence % PLAYOUT_PACKETS];
}

static inline bool playout_is(struct playout *playout, int64_t sequence, enum state state)
{
    return *playout_entry(playout, sequence) == playout_entry_of(state, sequence);
}

/* false: nothing waits. */
bool playout_first(struct playout *playout, struct waiting *first);
/* The one that waits under that number. */
struct waiting playout_waiting(struct playout *playout, int64_t sequence);
struct kept playout_payload(const struct playout *playout, int64_t sequence);
/* Its payload is the caller's. */
struct kept playout_take_out(struct playout *playout, int64_t sequence);

/* Packets between the last one heard or missed and this one that have not come in time. */
int64_t playout_missing_before(struct playout *playout, int64_t sequence);
void playout_conceal(struct playout *playout, int64_t packets);
/* So many of the packet times with an empty buffer were missing packets. */
void playout_settle(struct playout *playout, int64_t missing);

#endif
