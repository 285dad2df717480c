#include <string.h>
#include "order.h"

#define PLACES (ORDER_WORDS * 64u)

void order_init(struct order *order)
{
    memset(order, 0, sizeof *order);
    bursts_init(&order->bursts);
}

/* How many from there on, at most so many and to the end of their word, came in time. */
static uint64_t row_from(const struct order *order, uint64_t from, uint64_t most)
{
    unsigned word = (unsigned)(from % PLACES / 64), bit = from % 64;
    uint64_t others = ~(order->came[word] & ~order->late[word]) >> bit;
    uint64_t row = others ? (uint64_t)__builtin_ctzll(others) : 64 - bit;

    return row < most ? row : most;
}

static bool is_set(const uint64_t words[ORDER_WORDS], uint64_t sequence)
{
    return words[sequence % PLACES / 64] >> sequence % 64 & 1;
}

static void put(uint64_t words[ORDER_WORDS], uint64_t sequence, bool value)
{
    uint64_t bit = UINT64_C(1) << sequence % 64, *word = &words[sequence % PLACES / 64];

    *word = value ? *word | bit : *word & ~bit;
}

/* Those from `from` on, before `to`. */
static void tell(const struct order *order, struct bursts *bursts, uint64_t from, uint64_t to)
{
    while (from < to) {
        uint64_t row = row_from(order, from, to - from);
        if (row) {
            bursts_received(bursts, row);
            from += row;
        } else {
            bursts_packet(bursts, is_set(order->came, from) ? PACKET_DISCARDED : PACKET_LOST);
            from++;
        }
    }
}

void order_restart(struct order *order)
{
    if (order->begun)
        tell(order, &order->bursts, order->next, order->highest + 1);
    order->begun = false;
}

/* The newest is the next one now, which did not come as far as is known. */
static void advance(struct order *order)
{
    order->highest++;
    if (order->highest - order->next == PLACES) {
        uint64_t next = order->highest - ORDER_WINDOW + 1;
        tell(order, &order->bursts, order->next, next);
        order->next = next;
    }
    put(order->came, order->highest, false);
}

void order_put(struct order *order, uint64_t sequence, bool late)
{
    if (!order->begun) {
        order->begun = true;
        order->next = sequence;
        order->highest = sequence - 1;
    }
    if (sequence < order->next || sequence + ORDER_WINDOW <= order->highest)
        return;
    while (order->highest + 1 <= sequence)
        advance(order);
    put(order->came, sequence, true);
    put(order->late, sequence, late);
}

void order_bursts(const struct order *order, struct bursts *bursts)
{
    *bursts = order->bursts;
    if (order->begun)
        tell(order, bursts, order->next, order->highest + 1);
}

void order_figures(const struct order *order, struct bursts_figures *figures)
{
    struct bursts bursts;

    order_bursts(order, &bursts);
    bursts_figures(&bursts, figures);
}
