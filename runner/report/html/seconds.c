#include "html/html.h"

#include <stdio.h>
#include <string.h>
#include "cmtest/journal.h"

void html_seconds(const struct report_run *run, const struct html_key *keys, size_t count,
                  event_fn *fn, void *to)
{
    struct journal_choice choice = {{{0}}};
    struct event event;
    if (!run->journal)
        return;
    for (size_t i = 0; i < count; i++)
        choice.readings[keys[i].direction][keys[i].reading / 64] |= UINT64_C(1)
                                                                    << keys[i].reading % 64;
    journal_choose(run->journal, &choice);
    while (journal_next(run->journal, &event))
        fn(to, &event);
    journal_choose(run->journal, NULL);
}

/* Most telling first: it is the order of the charts. */
static const struct html_key shown[] = {{READING_MOS, DIRECTION_RECEIVE, 2},
                                        {READING_PACKET_LOSS, DIRECTION_RECEIVE, 2},
                                        {READING_JITTER, DIRECTION_RECEIVE, 3},
                                        {READING_RTT, DIRECTION_RECEIVE, 2},
                                        {READING_MOS_CQ, DIRECTION_RECEIVE, 2},
                                        {READING_PDV_P95, DIRECTION_RECEIVE, 2},
                                        {READING_LATE_RATE, DIRECTION_RECEIVE, 2},
                                        {READING_CONCEALED_TIME, DIRECTION_RECEIVE, 0},
                                        {READING_PLAYOUT_DELAY, DIRECTION_RECEIVE, 1},
                                        {READING_ONE_WAY, DIRECTION_RECEIVE, 1},
                                        {READING_R_FACTOR, DIRECTION_RECEIVE, 1},
                                        {READING_PACKETS, DIRECTION_RECEIVE, 0},
                                        {READING_BIT_RATE, DIRECTION_RECEIVE, 0},
                                        {READING_SPACING_MAX, DIRECTION_RECEIVE, 1},
                                        {READING_JITTER_MAX, DIRECTION_RECEIVE, 2},
                                        {READING_REORDERED, DIRECTION_RECEIVE, 0},
                                        {READING_DUPLICATES, DIRECTION_RECEIVE, 0},
                                        {READING_LONGEST_GAP, DIRECTION_RECEIVE, 0},
                                        {READING_BURST_DENSITY, DIRECTION_RECEIVE, 1},
                                        {READING_CLOCK_DRIFT, DIRECTION_RECEIVE, 1},
                                        {READING_LEVEL_RMS, DIRECTION_RECEIVE, 1},
                                        {READING_SILENCE_RATIO, DIRECTION_RECEIVE, 1},
                                        {READING_SRTP_FAILED, DIRECTION_RECEIVE, 0},
                                        {READING_MOS, DIRECTION_SEND, 2},
                                        {READING_PACKET_LOSS, DIRECTION_SEND, 2},
                                        {READING_JITTER, DIRECTION_SEND, 3},
                                        {READING_RTT, DIRECTION_SEND, 2},
                                        {READING_PACKETS, DIRECTION_SEND, 0},
                                        {READING_BIT_RATE, DIRECTION_SEND, 0},
                                        {READING_PEER_MOS_LQ, DIRECTION_SEND, 2}};

#define SHOWN (sizeof(shown) / sizeof(shown[0]))

static bool is_in(const struct html_key *keys, size_t count, const struct html_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i].reading == key->reading && keys[i].direction == key->direction)
            return true;
    return false;
}

size_t html_keys(const struct result *result, struct html_key keys[HTML_KEYS_MAX])
{
    size_t count = SHOWN;
    memcpy(keys, shown, sizeof(shown));
    for (size_t i = 0; i < result->threshold_count && count < HTML_KEYS_MAX; i++) {
        const struct metric_key *metric = &result->thresholds[i].key;
        struct html_key key = {.direction = metric->direction == METRIC_SEND ? DIRECTION_SEND
                                                                             : DIRECTION_RECEIVE,
                               .digits = 2};
        if (metric->direction == METRIC_PLAIN)
            continue;
        for (unsigned r = 0; r < READING_COUNT; r++) {
            key.reading = (enum reading)r;
            if (strcmp(reading_name(key.reading), metric->metric->name) == 0 &&
                !is_in(keys, count, &key)) {
                keys[count++] = key;
                break;
            }
        }
    }
    return count;
}

void html_key_metric(const struct html_key *key, struct metric_key *metric, char *name, size_t size)
{
    snprintf(name, size, "%s.%s", key->direction == DIRECTION_SEND ? "send" : "receive",
             reading_name(key->reading));
    *metric = (struct metric_key){0};
    metric_key_find(name, strlen(name), metric);
}

uint32_t html_step(const struct result *result, uint32_t most)
{
    static const uint32_t steps[] = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600};
    double seconds = html_since(result, result->ended_ns) + 1;
    size_t i = 0;
    while (i + 1 < sizeof(steps) / sizeof(steps[0]) && seconds / steps[i] > most)
        i++;
    uint32_t step = steps[i];
    while (seconds / step > most)
        step *= 2;
    return step;
}

double html_since(const struct result *result, int64_t at_ns)
{
    return at_ns > result->started_ns ? (double)(at_ns - result->started_ns) / 1e9 : 0;
}
