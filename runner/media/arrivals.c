#include <string.h>
#include "arrivals.h"

#define JUMP_NS 1e9

void arrivals_init(struct arrivals *arrivals)
{
    memset(arrivals, 0, sizeof *arrivals);
    spacing_begin(&arrivals->spacing);
    spacing_begin(&arrivals->variation);
}

void arrivals_end(struct arrivals *arrivals)
{
    spacing_end(&arrivals->spacing);
    spacing_end(&arrivals->variation);
}

void arrivals_restart(struct arrivals *arrivals)
{
    arrivals->known = false;
    arrivals->transit_ns = 0;
    arrivals->transits = false;
}

static void note_transit(struct arrivals *arrivals, int64_t arrival_ns)
{
    int64_t transit = (int64_t)arrivals->transit_ns;

    fastest_add(&arrivals->fastest, !arrivals->transits, transit, arrival_ns);
    arrivals->transits = true;
    spacing_add(&arrivals->variation, transit - fastest_ns(&arrivals->fastest));
}

void arrivals_packet(struct arrivals *arrivals, uint32_t timestamp, uint32_t clock_rate,
                     int64_t arrival_ns)
{
    if (arrivals->known) {
        double arrived = (double)(arrival_ns - arrivals->arrival_ns);
        double sent = (double)(int32_t)(timestamp - arrivals->timestamp) * 1e9 / clock_rate;
        double difference = fabs(arrived - sent);

        spacing_add(&arrivals->spacing, arrival_ns - arrivals->arrival_ns);
        arrivals->transit_ns += arrived - sent;
        if (difference > JUMP_NS) {
            arrivals->jumps++;
            arrivals_restart(arrivals);
        } else if (difference > arrivals->difference_ns) {
            arrivals->difference_ns = difference;
        }
    }
    arrivals->known = true;
    arrivals->timestamp = timestamp;
    arrivals->arrival_ns = arrival_ns;
    note_transit(arrivals, arrival_ns);
}

static void set_quantile(struct event_second *second, enum reading reading, struct spacing *spacing,
                         double q)
{
    double ms;

    if (spacing_quantile(spacing, q, &ms))
        second_set(second, reading, ms);
}

void arrivals_second(struct arrivals *arrivals, struct event_second *second)
{
    struct spacing *spacing = &arrivals->spacing, *variation = &arrivals->variation;

    if (spacing->count) {
        second_set(second, READING_SPACING_MIN, (double)spacing->min_ns / 1e6);
        second_set(second, READING_SPACING_MEAN,
                   (double)spacing->sum_ns / 1e6 / (double)spacing->count);
        second_set(second, READING_SPACING_MAX, (double)spacing->max_ns / 1e6);
        set_quantile(second, READING_SPACING_P50, spacing, 0.50);
        set_quantile(second, READING_SPACING_P95, spacing, 0.95);
        second_set(second, READING_JITTER_MAX, arrivals->difference_ns / 1e6);
    }
    if (variation->count) {
        second_set(second, READING_PDV_MEAN,
                   (double)variation->sum_ns / 1e6 / (double)variation->count);
        set_quantile(second, READING_PDV_P50, variation, 0.50);
        set_quantile(second, READING_PDV_P95, variation, 0.95);
        set_quantile(second, READING_PDV_P99, variation, 0.99);
        second_set(second, READING_PDV_MAX, (double)variation->max_ns / 1e6);
    }
    spacing_again(&arrivals->spacing);
    spacing_again(&arrivals->variation);
    arrivals->difference_ns = 0;
}
