/* The inner loops of a journal: without branches and calls, so that compilers make vectors. */
#include "table.h"

#include <string.h>

/* Added to a double whose size is below 2^51, it leaves the nearest integer in the lowest bits. */
#define ROUNDER 6755399441055744.0 /* 1.5 * 2^52 */
#define ROUNDER_BITS UINT64_C(0x4338000000000000)
#define EXPONENT UINT64_C(0xfff0000000000000)

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static void put(uint32_t count, const double *restrict values, const double *restrict power,
                int64_t *restrict last, uint64_t *restrict codes, uint64_t *restrict used,
                uint64_t *restrict odd)
{
    for (uint32_t i = 0; i < count; i++) {
        double rounded = values[i] * power[i] + ROUNDER;
        double back = (rounded - ROUNDER) / power[i];
        uint64_t now = bits_of(rounded) - ROUNDER_BITS;
        uint64_t more = now - (uint64_t)last[i];
        uint64_t code = more << 1 ^ (0 - (more >> 63));
        /* What is too big, or no number, has another exponent after ROUNDER is added. */
        odd[i] |= bits_of(back) ^ bits_of(values[i]);
        odd[i] |= (bits_of(rounded) ^ ROUNDER_BITS) & EXPONENT;
        used[i] |= code;
        codes[i] = code;
        last[i] = (int64_t)now;
    }
}

void codes_put(struct table *table, uint32_t row, const double *restrict values,
               int64_t *restrict last)
{
    put(table->readings, values, table->power, last, &table->codes[(size_t)row * table->readings],
        table->used, table->odd);
}

void codes_get(struct table *table, uint32_t row, int64_t *restrict last)
{
    const uint64_t *codes = &table->codes[(size_t)row * table->readings];
    const uint64_t *known = &table->known[(size_t)row * table->masks];
    double *values = &table->values[(size_t)row * table->readings];
    for (uint32_t i = 0; i < table->readings; i++) {
        uint64_t mask = 0 - (known[i / 64] >> i % 64 & 1);
        uint64_t more = codes[i] >> 1 ^ (0 - (codes[i] & 1));
        last[i] = (int64_t)(((uint64_t)last[i] + more) & mask);
        values[i] = (double)last[i] / table->power[i];
    }
}
