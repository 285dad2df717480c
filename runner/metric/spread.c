#include "spread.h"

#include <math.h>
#include <string.h>

void spread_init(struct spread *spread)
{
    memset(spread, 0, sizeof(*spread));
    for (unsigned i = 0; i < SUMS_COUNT; i++)
        spread->last[i] = NAN;
}

unsigned spread_count(struct spread *spread, const struct sums_row *row, uint16_t changed[])
{
    unsigned count = 0;
    for (unsigned i = 0; i < READING_COUNT; i++) {
        if (row->value[i] == spread->last[i])
            spread->waiting[i] += row->taken[i];
        else if (row->taken[i] != 0)
            changed[count++] = (uint16_t)i;
    }
    return count;
}

void spread_settle(struct spread *spread, unsigned reading, struct aggregate *aggregate)
{
    uint64_t waiting = (uint64_t)spread->waiting[reading];
    spread->waiting[reading] = 0;
    if (spread->bucket[reading])
        aggregate_again(spread->bucket[reading], waiting);
    else
        aggregate->zeros += waiting;
}

void spread_change(struct spread *spread, unsigned reading, const struct aggregate_place *place,
                   struct aggregate *aggregate)
{
    spread_settle(spread, reading, aggregate);
    spread->last[reading] = place->value;
    spread->bucket[reading] = aggregate_place(aggregate, place);
}
