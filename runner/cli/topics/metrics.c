#include "cmtest/topic.h"
#include "cmtest/metric.h"

#include <string.h>

static const char *unit(const struct metric *metric)
{
    static const char *const names[] = {[UNIT_NONE] = NULL,     [UNIT_PERCENT] = "%",
                                        [UNIT_MS] = "time",     [UNIT_PACKETS] = "packets",
                                        [UNIT_BYTES] = "bytes", [UNIT_PPM] = "ppm",
                                        [UNIT_DBOV] = "dBov",   [UNIT_DBM] = "dBm0",
                                        [UNIT_BPS] = "bit/s",   [UNIT_PER_SECOND] = "per second"};
    return names[metric->unit];
}

static const char *kind(const struct metric *metric)
{
    static const char *const names[] = {[METRIC_COUNTER] = "counter",
                                        [METRIC_RATE] = "rate",
                                        [METRIC_DISTRIBUTION] = "distribution"};
    return names[metric->kind];
}

static const char *standard(const struct metric *metric)
{
    return strncmp(metric->standard, "none", 4) == 0 ? NULL : metric->standard;
}

static const char *callmeter(const struct metric *metric, unsigned direction)
{
    return direction == METRIC_SEND && metric->callmeter_send ? metric->callmeter_send
                                                              : metric->callmeter;
}

static const char *needs(const struct metric *metric, unsigned direction)
{
    static const char *const names[] = {[NEEDS_NOTHING] = NULL,
                                        [NEEDS_DECODING] = "audio.decode",
                                        [NEEDS_SRTP] = "audio.security",
                                        [NEEDS_DTLS] = "audio.security by DTLS"};
    bool free = metric->needs == NEEDS_DECODING && direction == METRIC_SEND;
    return free ? NULL : names[metric->needs];
}

static const char *better(const struct metric *metric)
{
    static const char *const names[] = {
        [BETTER_NEITHER] = NULL, [BETTER_HIGHER] = "higher", [BETTER_LOWER] = "lower"};
    return names[metric->better];
}

static void fill(struct listing *listing)
{
    static const unsigned directions[] = {METRIC_PLAIN, METRIC_RECEIVE, METRIC_SEND};
    for (size_t i = 0; metrics[i]; i++) {
        for (size_t d = 0; d < 3; d++) {
            char name[96];
            struct metric_key key = {metrics[i], directions[d]};
            if (!(metrics[i]->directions & directions[d]))
                continue;
            metric_key_name(&key, name, sizeof name);
            listing_add(listing, (const char *const[]){
                                     name, kind(metrics[i]), unit(metrics[i]), better(metrics[i]),
                                     metrics[i]->category, standard(metrics[i]),
                                     callmeter(metrics[i], directions[d]),
                                     needs(metrics[i], directions[d]), metrics[i]->help});
        }
    }
}

static const struct listing_column columns[] = {{"name", NULL},
                                                {"kind", NULL},
                                                {"unit", "in "},
                                                {"better", "better when "},
                                                {"category", "of "},
                                                {"standard", NULL},
                                                {"callmeter", "at CallMeter: "},
                                                {"needs", "needs "},
                                                {"help", NULL},
                                                {0}};

const struct topic topic_metrics = {
    .name = "metrics",
    .help = "what can be measured, by the name that a threshold begins with",
    .columns = columns,
    .fill = fill,
};
