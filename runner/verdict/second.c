#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/result.h"

static bool is_set(const uint64_t bits[READING_WORDS], unsigned at)
{
    return bits[at / 64] >> at % 64 & 1;
}

/* Bits set before `at`: the place of its value. */
static size_t rank(const uint64_t bits[READING_WORDS], unsigned at)
{
    size_t count = 0;
    for (unsigned word = 0; word < at / 64; word++)
        count += (size_t)__builtin_popcountll(bits[word]);
    uint64_t below = (UINT64_C(1) << at % 64) - 1;
    return count + (size_t)__builtin_popcountll(bits[at / 64] & below);
}

void result_second_pack(struct result_second *packed, const struct event *event)
{
    const struct event_second *second = &event->second;
    *packed = (struct result_second){.at_ns = event->at_ns,
                                     .second = second->second,
                                     .length_ms = second->length_ms,
                                     .direction = (uint8_t)second->direction,
                                     .scale = (uint8_t)second->scale,
                                     .agreed = second->agreed,
                                     .provisional = second->provisional};
    double values[READING_COUNT];
    size_t count = 0;
    memcpy(packed->known, second->known, sizeof packed->known);
    for (unsigned i = 0; i < READING_COUNT; i++) {
        double value = 0;
        if (second_get(second, (enum reading)i, &value) && value != 0) {
            packed->given[i / 64] |= UINT64_C(1) << i % 64;
            values[count++] = value;
        }
    }
    if (!count)
        return;
    packed->values = mem_array(count, sizeof *packed->values);
    memcpy(packed->values, values, count * sizeof *values);
}

void result_second_unpack(const struct result_second *packed, struct event_second *second)
{
    const double *value = packed->values;
    memset(second, 0, sizeof *second);
    second->direction = (enum event_direction)packed->direction;
    second->agreed = packed->agreed;
    second->second = packed->second;
    second->length_ms = packed->length_ms;
    second->scale = (enum emodel_scale)packed->scale;
    second->provisional = packed->provisional;
    memcpy(second->known, packed->known, sizeof second->known);
    for (unsigned i = 0; i < READING_COUNT; i++)
        if (is_set(packed->given, i))
            second->value[i] = *value++;
}

bool result_second_get(const struct result_second *packed, enum reading reading, double *value)
{
    if (!is_set(packed->known, reading))
        return false;
    *value = is_set(packed->given, reading) ? packed->values[rank(packed->given, reading)] : 0;
    return true;
}

bool result_second_heard(const struct result_second *packed)
{
    double packets = 0;
    return result_second_get(packed, READING_PACKETS, &packets) && packets > 0;
}
