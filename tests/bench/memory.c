/*
 * Whether the memory of a run depends on how long it is: events of calls that last, given to the
 * verdict and the journal as a run does. bench_memory [endpoints [seconds]] prints what the process
 * has in memory after 60 s of events and at the end; exit code 1 when it grew by more than 5%.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmtest/arena.h"
#include "cmtest/journal.h"
#include "cmtest/result.h"

#define STARTED INT64_C(1700000000000000000)

static double resident_mb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*d %ld", &pages) != 1)
        exit(2);
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void give(struct result *result, struct journal_writer *writer, const struct event *event)
{
    result_event(result, event);
    journal_event(writer, event);
}

static void second_of(struct event *event, uint32_t endpoint, uint32_t second, unsigned direction)
{
    memset(event, 0, sizeof(*event));
    event->kind = EVENT_SECOND;
    event->endpoint = endpoint;
    event->at_ns = STARTED + (int64_t)second * 1000000000 + endpoint * 12347;
    event->second.direction = (enum event_direction)direction;
    event->second.second = second;
    event->second.length_ms = 1000;
    event->second.agreed = true;
    for (unsigned i = 0; i < READING_COUNT; i++)
        second_set(&event->second, (enum reading)i, i + (double)(rand() % 2000) / 1000);
    second_round(&event->second);
}

int main(int argc, char **argv)
{
    uint32_t endpoints = argc > 1 ? (uint32_t)atoi(argv[1]) : 20;
    uint32_t seconds = argc > 2 ? (uint32_t)atoi(argv[2]) : 3600;
    char path[] = "/tmp/bench-memory-XXXXXX", why[256];
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
    struct journal_head head = {.roster = &roster, .version = "bench", .started_ns = STARTED};
    struct event event;
    double early = 0;
    close(mkstemp(path));
    struct journal_writer *writer = journal_create(path, &head, why, sizeof(why));
    struct result *result = result_new(&roster, NULL, 0, 1, STARTED);
    for (uint32_t s = 0; writer && s < seconds; s++) {
        for (uint32_t i = 0; i < 2 * endpoints; i++) {
            second_of(&event, i / 2, s, i % 2);
            give(result, writer, &event);
        }
        if (s == 59)
            early = resident_mb();
    }
    double late = resident_mb();
    struct journal_end end = {STARTED + (int64_t)seconds * 1000000000, false, ""};
    bool good = writer && journal_finish(writer, &end, why, sizeof(why));
    printf("%u endpoints: %.1f MB after 60 s, %.1f MB after %u s%s\n", endpoints, early, late,
           seconds, good ? "" : " (not good)");
    result_free(result);
    unlink(path);
    free(who);
    return good && late <= 1.05 * early ? 0 : 1;
}
