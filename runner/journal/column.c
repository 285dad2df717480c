#include "table.h"

#include <math.h>
#include <string.h>
#include "cmtest/journal.h"

enum { NONE_KNOWN, ALL_KNOWN, SOME_KNOWN };

/* Beyond this a half could not be added any more. */
#define INTEGER_MAX 2251799813685248.0 /* 2^51 */

static const double powers[JOURNAL_SCALE_MAX + 1] = {1e0, 1e1, 1e2, 1e3, 1e4,
                                                     1e5, 1e6, 1e7, 1e8, 1e9};

static bool is_scaled(double value, double power, int64_t *k)
{
    double scaled = value * power;
    if (!(fabs(scaled) <= INTEGER_MAX))
        return false;
    *k = (int64_t)(scaled + copysign(0.5, scaled));
    return (double)*k / power == value && (*k != 0 || !signbit(value));
}

/* What was not known before is 0. NULL: memory would grow too big. */
static double *history(struct table *table, uint32_t reading)
{
    if (!table->last[reading]) {
        size_t room = table->endpoints * sizeof(double);
        if (room > JOURNAL_HISTORY_MAX - *table->room)
            return NULL;
        *table->room += room;
        table->last[reading] = mem_array(table->endpoints, sizeof(double));
    }
    return table->last[reading];
}

static bool is_known(const uint64_t *known, uint32_t row)
{
    return known[row / 64] >> row % 64 & 1;
}

static uint32_t count_known(const uint64_t *known, uint32_t rows)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < (rows + 63) / 64; i++)
        count += (uint32_t)__builtin_popcountll(known[i]);
    return count;
}

static bool all_same(const double *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (memcmp(&values[i], &values[0], sizeof(double)) != 0)
            return false;
    return true;
}

static bool all_scaled(const double *values, uint32_t count, unsigned scale, int64_t *k)
{
    for (uint32_t i = 0; i < count; i++)
        if (!is_scaled(values[i], powers[scale], &k[i]))
            return false;
    return true;
}

/* A scale that the values are whole numbers on, which are k then; JOURNAL_FORM_RAW: there is none.
 * What did for the column before is tried first. */
static unsigned scale_of(const double *values, uint32_t count, unsigned before, int64_t *k)
{
    unsigned scale = 0;
    if (before != JOURNAL_FORM_RAW && all_scaled(values, count, before, k))
        return before;
    for (uint32_t i = 0; i < count; i++)
        while (!is_scaled(values[i], powers[scale], &k[i]))
            if (++scale > JOURNAL_SCALE_MAX)
                return JOURNAL_FORM_RAW;
    /* What is whole in tenths is so in hundredths, but not to the last bit for huge values. */
    return all_scaled(values, count, scale, k) ? scale : JOURNAL_FORM_RAW;
}

static void put_raw(const double *values, uint32_t count, struct text *out)
{
    for (unsigned plane = 0; plane < 8; plane++)
        for (uint32_t i = 0; i < count; i++) {
            uint64_t bits;
            memcpy(&bits, &values[i], sizeof(bits));
            char byte = (char)(bits >> 8 * plane);
            text_add_bytes(out, &byte, 1);
        }
}

static void put_integers(struct table *table, const int64_t *k, const double *before,
                         uint32_t count, unsigned scale, struct text *out)
{
    uint8_t *to = table->work;
    for (uint32_t i = 0; i < count; i++) {
        int64_t last = 0;
        if (!is_scaled(before[i], powers[scale], &last))
            last = 0;
        int64_t more = k[i] - last;
        uint64_t word = (uint64_t)more << 1 ^ (more < 0 ? UINT64_MAX : 0);
        for (; word >= 0x80; word >>= 7)
            *to++ = (uint8_t)(word | 0x80);
        *to++ = (uint8_t)word;
    }
    text_add_bytes(out, (const char *)table->work, (size_t)(to - table->work));
}

static void put_mask(const uint64_t *known, uint32_t rows, struct text *out)
{
    for (uint32_t i = 0; i < (rows + 7) / 8; i++) {
        char byte = (char)(known[i / 8] >> 8 * (i % 8));
        text_add_bytes(out, &byte, 1);
    }
}

/* Those that are known, packed, and what they were before. */
static uint32_t gather(const struct table *table, uint32_t reading, const double *last,
                       double *values, double *before)
{
    const uint64_t *known = &table->known[(size_t)reading * TABLE_WORDS];
    const double *column = &table->values[(size_t)reading * TABLE_STRIDE];
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->rows; i++)
        if (is_known(known, i)) {
            values[count] = column[i];
            before[count++] = last[table->endpoint[i]];
        }
    return count;
}

void column_put(struct table *table, uint32_t reading, struct text *out)
{
    const uint64_t *known = &table->known[(size_t)reading * TABLE_WORDS];
    double values[JOURNAL_ROWS_MAX], before[JOURNAL_ROWS_MAX];
    int64_t k[JOURNAL_ROWS_MAX];
    uint32_t count = count_known(known, table->rows);
    unsigned presence = count == 0 ? NONE_KNOWN : count == table->rows ? ALL_KNOWN : SOME_KNOWN;
    double *last = count > 0 ? history(table, reading) : NULL;
    if (!last) {
        text_add_bytes(out, "", 1);
        return;
    }
    gather(table, reading, last, values, before);
    unsigned form = JOURNAL_FORM_SAME;
    if (!all_same(values, count))
        form = table->scales[reading] = (uint8_t)scale_of(values, count, table->scales[reading], k);
    char head = (char)(presence | form << 4);
    text_add_bytes(out, &head, 1);
    if (presence == SOME_KNOWN)
        put_mask(known, table->rows, out);
    if (form == JOURNAL_FORM_SAME)
        put_real(out, values[0]);
    else if (form == JOURNAL_FORM_RAW)
        put_raw(values, count, out);
    else
        put_integers(table, k, before, count, form, out);
    for (uint32_t i = 0, next = 0; i < table->rows; i++)
        if (is_known(known, i))
            last[table->endpoint[i]] = values[next++];
}

static bool get_known(struct table *table, uint32_t reading, unsigned presence, struct bytes *in)
{
    uint64_t *known = &table->known[(size_t)reading * TABLE_WORDS];
    const uint8_t *mask = NULL;
    if (presence > SOME_KNOWN)
        return false;
    if (presence == SOME_KNOWN && !(mask = get_bytes(in, (table->rows + 7) / 8)))
        return false;
    for (uint32_t i = 0; i < table->rows; i++)
        if (presence == ALL_KNOWN || mask[i / 8] >> i % 8 & 1)
            known[i / 64] |= UINT64_C(1) << i % 64;
    return true;
}

static double raw_value(const uint8_t *planes, uint32_t count, uint32_t at)
{
    uint64_t bits = 0;
    double value;
    for (unsigned plane = 0; plane < 8; plane++)
        bits |= (uint64_t)planes[(size_t)plane * count + at] << 8 * plane;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static double integer_value(struct bytes *in, double before, double power)
{
    int64_t last = 0;
    if (!is_scaled(before, power, &last))
        last = 0;
    int64_t k = (int64_t)((uint64_t)last + (uint64_t)get_zigzag(in));
    return (double)k / power;
}

bool column_get(struct table *table, uint32_t reading, struct bytes *in)
{
    const uint64_t *known = &table->known[(size_t)reading * TABLE_WORDS];
    double *column = &table->values[(size_t)reading * TABLE_STRIDE];
    const uint8_t *head = get_bytes(in, 1), *planes = NULL;
    unsigned form = head ? *head >> 4 : JOURNAL_FORM_RAW;
    if (!head || (*head & 15) == NONE_KNOWN)
        return head != NULL;
    if (!get_known(table, reading, *head & 15, in))
        return false;
    uint32_t count = count_known(known, table->rows);
    double *last = history(table, reading);
    double same = form == JOURNAL_FORM_SAME ? get_real(in) : 0;
    if (form == JOURNAL_FORM_RAW)
        planes = get_bytes(in, (size_t)count * 8);
    if (!last || in->failed || (form > JOURNAL_SCALE_MAX && form < JOURNAL_FORM_SAME))
        return false;
    for (uint32_t i = 0, next = 0; i < table->rows; i++) {
        if (!is_known(known, i))
            continue;
        double *before = &last[table->endpoint[i]];
        column[i] = form == JOURNAL_FORM_SAME ? same
                    : planes                  ? raw_value(planes, count, next)
                                              : integer_value(in, *before, powers[form]);
        *before = column[i];
        next++;
    }
    return !in->failed;
}
