/*
 * What a journal of 5,000 endpoints costs: MB, and CPU seconds per second of the run, with values
 * as they are in calls: a third constant, a third counters, a third noisy. bench_journal [endpoints
 * [seconds [raw]]]; raw: 1 for values that are not rounded as a stream does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cmtest/arena.h"
#include "cmtest/journal.h"

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t state = 88172645463325252;

static double noise(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

static void fill(struct event *event, uint32_t endpoint, uint32_t second, unsigned direction,
                 bool raw)
{
    memset(event, 0, sizeof(*event));
    event->kind = EVENT_SECOND;
    event->endpoint = endpoint;
    event->at_ns = (int64_t)second * 1000000000 + endpoint * 12347 + 1700000000000000000;
    event->second.direction = (enum event_direction)direction;
    event->second.second = second;
    event->second.length_ms = 1000;
    event->second.agreed = true;
    for (unsigned i = 0; i < READING_COUNT; i++) {
        double value = i % 3 == 0   ? (double)i
                       : i % 3 == 1 ? (double)(50 * (i % 7 + 1)) + (noise() < 0.1 ? 1 : 0)
                                    : 5 + (double)i + 2 * noise();
        second_set(&event->second, (enum reading)i, value);
    }
    if (!raw)
        second_round(&event->second);
}

int main(int argc, char **argv)
{
    uint32_t endpoints = argc > 1 ? (uint32_t)atoi(argv[1]) : 5000;
    uint32_t seconds = argc > 2 ? (uint32_t)atoi(argv[2]) : 60;
    bool raw = argc > 3 && atoi(argv[3]);
    char path[] = "/tmp/bench-journal-XXXXXX", why[256];
    struct roster_group group = {
        .name = "all", .registrar = "", .server = "", .codecs = "", .count = endpoints};
    struct roster_endpoint *who = mem_array(endpoints, sizeof(*who));
    for (uint32_t i = 0; i < endpoints; i++)
        who[i] = (struct roster_endpoint){.index = i, .partner = ROSTER_NONE, .account = "sip:x"};
    struct roster roster = {.name = "bench",
                            .spec = "",
                            .groups = &group,
                            .group_count = 1,
                            .endpoints = who,
                            .endpoint_count = endpoints};
    struct journal_head head = {.roster = &roster, .version = "bench"};
    close(mkstemp(path));
    struct journal_writer *writer = journal_create(path, &head, why, sizeof(why));
    if (!writer)
        return 1;
    double writing = 0;
    struct event *events = mem_array(endpoints, sizeof(*events));
    for (uint32_t s = 0; s < seconds; s++) {
        for (uint32_t i = 0; i < endpoints; i++)
            fill(&events[i], i, s, DIRECTION_RECEIVE, raw);
        double from = cpu_seconds();
        for (uint32_t i = 0; i < endpoints; i++)
            journal_event(writer, &events[i]);
        writing += cpu_seconds() - from;
    }
    struct journal_end end = {0, false, ""};
    double from = cpu_seconds();
    bool good = journal_finish(writer, &end, why, sizeof(why));
    writing += cpu_seconds() - from;
    struct stat about;
    stat(path, &about);
    from = cpu_seconds();
    struct journal *journal = journal_open(path, why, sizeof(why));
    uint64_t count = 0;
    while (journal && journal_next(journal, &events[0]))
        count++;
    double reading = cpu_seconds() - from;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%u endpoints x %u s x %d readings: %.1f MB, %.2f MB/s; writing %.4f CPU s per s, "
           "reading %.2f CPU s for %llu events; %ld MB of memory%s\n",
           endpoints, seconds, READING_COUNT, (double)about.st_size / 1e6,
           (double)about.st_size / 1e6 / seconds, writing / seconds, reading,
           (unsigned long long)count, usage.ru_maxrss / 1024, good ? "" : " (not good)");
    journal_free(journal);
    unlink(path);
    free(events);
    free(who);
    return 0;
}
