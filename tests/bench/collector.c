/*
 * What the collecting thread spends: microseconds of CPU per event that result_event() and
 * journal_event() take, for calls of so many seconds with all readings. bench_collector [endpoints
 * [seconds [file]]]; the journal stays in file, for `cmtest report` to be measured with.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cmtest/arena.h"
#include "cmtest/journal.h"
#include "cmtest/result.h"

#define SECOND_NS INT64_C(1000000000)
#define START_NS (INT64_C(1700000000) * SECOND_NS)

struct bench {
    struct result *result;
    struct journal_writer *writer;
    double taking, writing;
    uint64_t count, random;
};

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double noise(struct bench *bench)
{
    bench->random ^= bench->random << 13;
    bench->random ^= bench->random >> 7;
    bench->random ^= bench->random << 17;
    return (double)(bench->random >> 11) / 9007199254740992.0;
}

static void feed(struct bench *bench, const struct event *events, size_t count)
{
    double from = cpu_seconds();
    for (size_t i = 0; i < count; i++)
        result_event(bench->result, &events[i]);
    double between = cpu_seconds();
    for (size_t i = 0; i < count; i++)
        journal_event(bench->writer, &events[i]);
    bench->taking += between - from;
    bench->writing += cpu_seconds() - between;
    bench->count += count;
}

static void report(struct bench *bench, const char *what)
{
    printf("%-9s %9llu events: result %6.2f us, journal %6.2f us each\n", what,
           (unsigned long long)bench->count, bench->taking / (double)bench->count * 1e6,
           bench->writing / (double)bench->count * 1e6);
    bench->taking = bench->writing = 0;
    bench->count = 0;
}

static struct event make(uint32_t endpoint, enum event_kind kind, int64_t offset)
{
    struct event event = {
        .at_ns = START_NS + offset + endpoint * 1000, .endpoint = endpoint, .kind = kind};
    return event;
}

static void tell_begin(struct bench *bench, uint32_t endpoints)
{
    static const enum endpoint_phase phases[] = {PHASE_REGISTERED, PHASE_NEGOTIATING, PHASE_INCALL};
    for (uint32_t i = 0; i < endpoints; i++) {
        struct event events[16];
        size_t count = 0;
        for (unsigned m = 0; m < 9; m++) {
            struct event *event = &events[count++];
            *event = make(i, EVENT_MESSAGE, m * 10000000);
            event->message = (struct event_message){.sent = m % 2 == i % 2,
                                                    .status = m % 2 ? 200 : 0,
                                                    .cseq = m,
                                                    .length = 500,
                                                    .method = "REGISTER",
                                                    .reason = "OK",
                                                    .transport = "udp",
                                                    .local = "127.0.0.1:40000",
                                                    .remote = "127.0.0.1:50000"};
            snprintf(event->message.call_id, sizeof event->message.call_id, "%u-0123456789abcdef",
                     i);
        }
        events[count] = make(i, EVENT_REGISTRATION, 50000000);
        events[count].registration.ok = true;
        events[count++].registration.time_ns = 1000000;
        for (unsigned p = 0; p < 3; p++) {
            events[count] = make(i, EVENT_PHASE, 60000000 + p * 1000);
            events[count++].phase = phases[p];
        }
        feed(bench, events, count);
    }
}

static void tell_second(struct bench *bench, struct event *events, uint32_t endpoints, uint32_t s)
{
    for (uint32_t i = 0; i < 2 * endpoints; i++) {
        struct event *event = &events[i];
        *event = make(i / 2, EVENT_SECOND, (s + 2) * SECOND_NS);
        event->second.direction = i % 2 ? DIRECTION_RECEIVE : DIRECTION_SEND;
        event->second.second = s;
        event->second.length_ms = 1000;
        event->second.agreed = true;
        for (unsigned r = 0; r < READING_COUNT; r++) {
            double value = r % 3 == 0 ? (double)r : (double)(50 * (r % 7 + 1));
            if (r % 3 == 1)
                value += noise(bench) < 0.1 ? 1 : 0;
            else if (r % 3 == 2)
                value = (double)(int64_t)((5 + r + 2 * noise(bench)) * 1000) / 1000;
            second_set(&event->second, (enum reading)r, value);
        }
    }
    feed(bench, events, 2 * (size_t)endpoints);
}

static void tell_end(struct bench *bench, uint32_t endpoints, uint32_t seconds)
{
    for (uint32_t i = 0; i < endpoints; i++) {
        struct event events[2] = {make(i, EVENT_CALL, (seconds + 3) * SECOND_NS),
                                  make(i, EVENT_OUTCOME, (seconds + 3) * SECOND_NS + 1)};
        struct event_call *call = &events[0].call;
        call->result = CALL_ANSWERED;
        call->counted = i % 2;
        call->established = call->completed = call->media_known = true;
        call->status = 200;
        call->pdd_ns = call->setup_ns = call->trying_ns = call->ringing_ns = 1000000 + i;
        call->duration_ns = seconds * SECOND_NS;
        call->teardown_ns = call->early_media_ns = call->failed_ns = EVENT_NONE;
        call->packets_sent = call->packets_received = call->packets_expected = 50 * seconds;
        events[1].outcome.outcome = OUTCOME_SUCCESS;
        feed(bench, events, 2);
    }
}

int main(int argc, char **argv)
{
    uint32_t endpoints = argc > 1 ? (uint32_t)atoi(argv[1]) : 5000;
    uint32_t seconds = argc > 2 ? (uint32_t)atoi(argv[2]) : 20;
    const char *path = argc > 3 ? argv[3] : "/tmp/bench-collector.cmts";
    char why[256];
    struct bench bench = {.random = 88172645463325252};
    struct roster_group groups[2] = {
        {.name = "agents", .registrar = "", .server = "", .codecs = "pcma", .count = endpoints / 2},
        {.name = "callers", .registrar = "", .server = "", .codecs = "pcma"}};
    struct roster_endpoint *who = mem_array(endpoints, sizeof *who);
    struct event *events = mem_array(2 * (size_t)endpoints, sizeof *events);
    groups[1].first = endpoints / 2;
    groups[1].count = endpoints - endpoints / 2;
    for (uint32_t i = 0; i < endpoints; i++) {
        bool caller = i >= endpoints / 2;
        who[i] = (struct roster_endpoint){.group = caller,
                                          .index = i - groups[caller].first,
                                          .role = caller ? ROLE_CALLER : ROLE_CALLEE,
                                          .partner = caller ? i - endpoints / 2 : i + endpoints / 2,
                                          .account = "sip:1000@embedded.cmtest"};
    }
    struct roster roster = {.name = "collector",
                            .spec = "collector.yaml",
                            .groups = groups,
                            .group_count = 2,
                            .endpoints = who,
                            .endpoint_count = endpoints};
    struct journal_head head = {.roster = &roster, .version = "bench", .started_ns = START_NS};
    bench.writer = journal_create(path, &head, why, sizeof why);
    if (!bench.writer)
        return 1;
    bench.result = result_new(&roster, NULL, 0, 1, START_NS);
    tell_begin(&bench, endpoints);
    report(&bench, "beginning");
    for (uint32_t s = 0; s < seconds; s++)
        tell_second(&bench, events, endpoints, s);
    report(&bench, "seconds");
    tell_end(&bench, endpoints, seconds);
    report(&bench, "end");
    double from = cpu_seconds();
    result_judge(bench.result, START_NS + (seconds + 4) * SECOND_NS);
    printf("judging   %.3f s\n", cpu_seconds() - from);
    struct journal_end end = {.ended_ns = bench.result->ended_ns};
    journal_finish(bench.writer, &end, why, sizeof why);
    if (argc <= 3)
        unlink(path);
    result_free(bench.result);
    free(events);
    free(who);
    return 0;
}
