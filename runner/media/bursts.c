#include "cmtest/bursts.h"

#include <string.h>

void bursts_init(struct bursts *bursts)
{
    memset(bursts, 0, sizeof *bursts);
}

static void add_gap(struct bursts *bursts, uint64_t packets)
{
    if (!packets)
        return;
    bursts->gap_count++;
    bursts->gap_packets += packets;
}

/* Gmin packets in a row were received: what lies before them is a burst, or was a single loss. */
static void close_stretch(struct bursts *bursts)
{
    if (bursts->open_missing > 1) {
        add_gap(bursts, bursts->open_gap);
        bursts->burst_count++;
        bursts->burst_packets += bursts->open_packets;
        bursts->burst_missing += bursts->open_missing;
        bursts->open_gap = bursts->received_run;
    } else {
        bursts->open_gap += bursts->open_packets + bursts->received_run;
    }
    bursts->open_missing = bursts->open_packets = 0;
}

static void take_missing(struct bursts *bursts)
{
    if (!bursts->in_run)
        bursts->runs++;
    bursts->in_run = true;
    bursts->open_packets += bursts->open_missing ? bursts->received_run + 1 : 1;
    bursts->open_missing++;
    bursts->received_run = 0;
}

/* RFC 3611 A.2, state by state. */
static void miss_a2(struct bursts *bursts)
{
    if (bursts->a2_received >= BURSTS_GMIN) {
        if (bursts->a2_run == 1)
            bursts->c14++;
        else
            bursts->c13++;
        bursts->a2_run = 1;
        bursts->c11 += bursts->a2_received;
    } else {
        bursts->a2_run++;
        if (bursts->a2_received == 0) {
            bursts->c33++;
        } else {
            bursts->c23++;
            bursts->c22 += bursts->a2_received - 1;
        }
    }
    bursts->a2_received = 0;
}

void bursts_received(struct bursts *bursts, uint64_t count)
{
    bursts->packets += count;
    bursts->a2_received += count;
    bursts->in_run = false;
    if (bursts->open_missing) {
        uint64_t left = BURSTS_GMIN - bursts->received_run, first = count < left ? count : left;
        bursts->received_run += first;
        count -= first;
        if (bursts->received_run == BURSTS_GMIN)
            close_stretch(bursts);
    }
    bursts->received_run += count;
    bursts->open_gap += count;
}

void bursts_packet(struct bursts *bursts, enum bursts_packet what)
{
    if (what == PACKET_RECEIVED) {
        bursts_received(bursts, 1);
        return;
    }
    bursts->packets++;
    bursts->lost += what == PACKET_LOST;
    bursts->discarded += what == PACKET_DISCARDED;
    take_missing(bursts);
    miss_a2(bursts);
}

static double share(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

void bursts_figures(const struct bursts *bursts, struct bursts_figures *figures)
{
    struct bursts now = *bursts;
    if (now.open_missing)
        close_stretch(&now);
    add_gap(&now, now.open_gap);
    uint64_t missing = now.lost + now.discarded;
    *figures = (struct bursts_figures){
        .bursts = now.burst_count,
        .burst_missing = now.burst_missing,
        .gap_missing = missing - now.burst_missing,
        .burst_density = 100 * share(now.burst_missing, now.burst_packets),
        .gap_density = 100 * share(missing - now.burst_missing, now.packets - now.burst_packets),
        .burst_packets = share(now.burst_packets, now.burst_count),
        .gap_packets = share(now.gap_packets, now.gap_count),
        .burst_r = 1,
    };
    if (missing && missing < now.packets)
        figures->burst_r = share(missing, now.runs) * (1 - share(missing, now.packets));
}

static uint8_t byte_of(double value)
{
    return value >= 255 ? 255 : (uint8_t)value;
}

static uint16_t word_of(double value)
{
    return value <= 0 ? 0 : value >= 65535 ? 65535 : (uint16_t)value;
}

void bursts_report(const struct bursts *bursts, uint32_t packet_ms, struct bursts_report *report)
{
    const struct bursts *b = bursts;
    double total = (double)(b->c11 + b->c14 + b->c13 + b->c22 + b->c23 + b->c13 + b->c23 + b->c33);
    double p32 = share(b->c23, b->c13 + b->c23 + b->c33);
    double p23 = b->c22 + b->c23 < 1 ? 1 : 1 - share(b->c22, b->c22 + b->c23);
    double gap = (double)packet_ms * share(b->c11 + b->c14 + b->c13, b->c13);
    memset(report, 0, sizeof *report);
    /* Without a loss the formula of A.2 makes the densest of bursts out of none. */
    if (b->lost + b->discarded && p23 + p32 > 0)
        report->burst_density = byte_of(256 * p23 / (p23 + p32));
    report->gap_density = byte_of(256 * share(b->c14, b->c11 + b->c14));
    report->gap_ms = word_of(gap);
    if (b->c13)
        report->burst_ms = word_of(total * packet_ms / (double)b->c13 - gap);
}
