#include "read.h"

/* ---- what seconds tell: rows made of readings.def ----------------------------------------- */

#define ANY SHARE_ANY
#define SAMPLE SHARE_SAMPLE
#define WHOLE SHARE_WHOLE

static bool read_reading(const struct event *event, enum event_direction direction,
                         enum reading reading, enum metric_share share, double *value)
{
    const struct event_second *second = read_second(event, direction);
    if (!second || !read_has_share(second, share))
        return false;
    return second_get(second, reading, value);
}

#define SEND METRIC_SEND
#define RECEIVE METRIC_RECEIVE
#define BOTH (METRIC_SEND | METRIC_RECEIVE)

#define QUALITY "quality scores"
#define NETWORK "network transport"
#define FEEDBACK "rtcp feedback"
#define BUFFER "jitter buffer"
#define AUDIO "audio quality"

#define PACKETS METRIC_COUNTER, .unit = UNIT_PACKETS
#define BYTES METRIC_COUNTER, .unit = UNIT_BYTES
#define EVENTS METRIC_COUNTER, .unit = UNIT_NONE
#define MS METRIC_DISTRIBUTION, .unit = UNIT_MS
#define PERCENT METRIC_DISTRIBUTION, .unit = UNIT_PERCENT
#define SCORE METRIC_DISTRIBUTION, .unit = UNIT_NONE
#define PPM METRIC_DISTRIBUTION, .unit = UNIT_PPM
#define DBOV METRIC_DISTRIBUTION, .unit = UNIT_DBOV
#define DBM METRIC_DISTRIBUTION, .unit = UNIT_DBM
#define BPS METRIC_DISTRIBUTION, .unit = UNIT_BPS
#define PER_SECOND METRIC_DISTRIBUTION, .unit = UNIT_PER_SECOND

/* The standard, and further members behind it. */
#define READING(id, key, measure, ways, group, needed, text, ...)                    \
    static bool read_##id(const struct event *event, enum event_direction direction, \
                          double *value)                                             \
    {                                                                                \
        return read_reading(event, direction, READING_##id, needed, value);          \
    }                                                                                \
    static const struct metric reading_##id = {.name = key,                          \
                                               .kind = measure,                      \
                                               .directions = ways,                   \
                                               .category = group,                    \
                                               .help = text,                         \
                                               .due = DUE_SIDE,                      \
                                               .reads = EVENT_SECOND,                \
                                               .of_second = true,                    \
                                               .reading = READING_##id,              \
                                               .share = needed,                      \
                                               .read = read_##id,                    \
                                               .standard = __VA_ARGS__};
#include "cmtest/readings.def"
#undef READING

/* ---- the table ---------------------------------------------------------------------------- */

#define ROW(id) extern const struct metric metric_##id;
#include "metrics/table.def"
#undef ROW
#define ROW(id) &metric_##id,
#define READING(id, ...) &reading_##id,
const struct metric *const metrics[] = {
#include "metrics/table.def"
#include "cmtest/readings.def"
    NULL};
#undef READING
#undef ROW
