#include <string.h>
#include "order.h"

void order_init(struct order *order)
{
    memset(order, 0, sizeof *order);
    bursts_init(&order->bursts);
}

static void release(const struct order *order, struct bursts *bursts, uint64_t from)
{
    for (uint64_t i = from; i <= order->highest; i++)
        bursts_packet(bursts, (enum bursts_packet)order->what[i % ORDER_WINDOW]);
}

void order_restart(struct order *order)
{
    if (order->begun)
        release(order, &order->bursts, order->next);
    order->begun = false;
}

void order_put(struct order *order, uint64_t sequence, bool late)
{
    if (!order->begun) {
        order->begun = true;
        order->next = sequence;
        order->highest = sequence - 1;
    }
    if (sequence < order->next)
        return;
    while (order->highest + 1 <= sequence) {
        order->highest++;
        if (order->highest - order->next >= ORDER_WINDOW) {
            uint8_t what = order->what[order->next++ % ORDER_WINDOW];
            bursts_packet(&order->bursts, (enum bursts_packet)what);
        }
        order->what[order->highest % ORDER_WINDOW] = PACKET_LOST;
    }
    order->what[sequence % ORDER_WINDOW] = late ? PACKET_DISCARDED : PACKET_RECEIVED;
}

void order_bursts(const struct order *order, struct bursts *bursts)
{
    *bursts = order->bursts;
    if (order->begun)
        release(order, bursts, order->next);
}

void order_figures(const struct order *order, struct bursts_figures *figures)
{
    struct bursts bursts;

    order_bursts(order, &bursts);
    bursts_figures(&bursts, figures);
}
