/*
 * order: what became of the packets of a source, told to bursts in the order of their sequence
 * numbers, although they arrive in another. Private to the stream.
 */
#ifndef MEDIA_ORDER_H
#define MEDIA_ORDER_H

#include "cmtest/bursts.h"

/* What comes later than this behind the newest packet has missed its place. */
#define ORDER_WINDOW 128

/* Told as many at once as there are places beside the window: most of them are in one row. */
#define ORDER_WORDS (2 * ORDER_WINDOW / 64)

struct order {
    bool begun;
    uint64_t next, highest;     /* extended sequence numbers */
    uint64_t came[ORDER_WORDS]; /* a bit each, ... */
    uint64_t late[ORDER_WORDS]; /* ... and of those that came too late to be heard */
    struct bursts bursts;       /* up to next */
};

void order_init(struct order *order);
/* Sequence numbers begin anew. */
void order_restart(struct order *order);
/* A packet that came, and whether it was too late to be heard. */
void order_put(struct order *order, uint64_t sequence, bool late);
/* Over everything up to the newest packet. */
void order_figures(const struct order *order, struct bursts_figures *figures);
void order_bursts(const struct order *order, struct bursts *bursts);

#endif
