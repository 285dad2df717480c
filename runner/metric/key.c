#include "cmtest/metric.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *prefix;
    size_t length;
    unsigned direction;
} prefixes[] = {{"send.", 5, METRIC_SEND}, {"receive.", 8, METRIC_RECEIVE}};

#define PREFIX_COUNT (sizeof(prefixes) / sizeof(prefixes[0]))

bool metric_key_find(const char *name, size_t length, struct metric_key *key)
{
    unsigned direction = METRIC_PLAIN;
    for (size_t i = 0; i < PREFIX_COUNT; i++) {
        if (length > prefixes[i].length &&
            strncmp(name, prefixes[i].prefix, prefixes[i].length) == 0) {
            direction = prefixes[i].direction;
            name += prefixes[i].length;
            length -= prefixes[i].length;
            break;
        }
    }
    for (size_t i = 0; metrics[i]; i++) {
        if ((metrics[i]->directions & direction) && strlen(metrics[i]->name) == length &&
            memcmp(metrics[i]->name, name, length) == 0) {
            key->metric = metrics[i];
            key->direction = direction;
            return true;
        }
    }
    return false;
}

void metric_key_name(const struct metric_key *key, char *out, size_t size)
{
    const char *prefix = "";
    for (size_t i = 0; i < PREFIX_COUNT; i++)
        if (prefixes[i].direction == key->direction)
            prefix = prefixes[i].prefix;
    snprintf(out, size, "%s%s", prefix, key->metric->name);
}

const char *metric_unit_suffix(enum metric_unit unit)
{
    switch (unit) {
    case UNIT_PERCENT:
        return "%";
    case UNIT_MS:
        return "ms";
    case UNIT_PACKETS:
        return " packets";
    case UNIT_BYTES:
        return " bytes";
    case UNIT_PPM:
        return " ppm";
    case UNIT_DBOV:
        return " dBov";
    case UNIT_DBM:
        return " dBm0";
    case UNIT_BPS:
        return " bit/s";
    case UNIT_PER_SECOND:
        return "/s";
    case UNIT_NONE:
        break;
    }
    return "";
}
