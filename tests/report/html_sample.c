/*
 * html_sample: report.html of runs that never happened, for tests that open it in a browser:
 * html_sample NAME FILE, with the name of a run of runs.h, or
 * html_sample index FILE: index.html of several, or
 * html_sample many FILE CALLS SECONDS: calls that begin one after the other, whose network is bad
 * for a while, and of which some fail.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include "cmtest/journal.h"
#include "runs.h"

/* The same on every machine. */
static double random_share(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / (1 << 24);
}

static void stream_second(struct fixture *f, uint32_t who, enum event_direction direction,
                          uint32_t second, double trouble, uint32_t *seed)
{
    double lost = trouble > 0 ? floor(random_share(seed) * 10 * trouble) : 0;
    double jitter = .3 + random_share(seed) + 14 * trouble * random_share(seed);
    double mos = 4.41 - .12 * lost - .03 * jitter * random_share(seed);
    struct event event = fixture_second_event(who, direction, second, mos < 1 ? 1 : mos);
    second_set(&event.second, READING_LOST, lost);
    second_set(&event.second, READING_PACKET_LOSS, 2 * lost);
    second_set(&event.second, READING_JITTER, jitter);
    second_set(&event.second, READING_RTT, 18 + 6 * random_share(seed) + 60 * trouble);
    second_set(&event.second, READING_BIT_RATE, 64000 - 1280 * lost);
    second_set(&event.second, READING_PDV_P95, 2 * jitter);
    second_set(&event.second, READING_PLAYOUT_DELAY, 40 + 4 * jitter);
    second_set(&event.second, READING_LATE_RATE, lost / 3);
    fixture_event(f, event);
}

static void begin_call(struct fixture *f, uint32_t index, uint32_t *seed)
{
    const uint32_t sides[2] = {fixture_agent(f, index), fixture_caller(f, index)};
    for (int i = 0; i < 2; i++) {
        f->now_ns += (int64_t)(random_share(seed) * 2e6);
        fixture_registration(f, sides[i], 200, "OK");
        fixture_phase(f, sides[i], PHASE_REGISTERED);
    }
    f->now_ns += 40 * FIXTURE_MS;
    fixture_message(f, sides[1], true, "INVITE", 0, "");
    fixture_phase(f, sides[1], PHASE_CALLING);
    f->now_ns += 4 * FIXTURE_MS;
    fixture_message(f, sides[1], false, "INVITE", 100, "Trying");
    fixture_message(f, sides[0], false, "INVITE", 0, "");
    fixture_message(f, sides[0], true, "INVITE", 180, "Ringing");
    fixture_message(f, sides[1], false, "INVITE", 180, "Ringing");
    fixture_phase(f, sides[0], PHASE_RINGING);
    f->now_ns += (int64_t)(100e6 + random_share(seed) * 400e6);
    fixture_message(f, sides[0], true, "INVITE", 200, "OK");
    fixture_message(f, sides[1], false, "INVITE", 200, "OK");
    for (int i = 0; i < 2; i++) {
        struct event media = {.endpoint = sides[i], .kind = EVENT_MEDIA};
        media.media =
            (struct event_media){"pcma", 8, 20, "192.0.2.10:40000", "192.0.2.80:40002", ""};
        fixture_event(f, media);
        fixture_phase(f, sides[i], PHASE_INCALL);
    }
}

static void end_call(struct fixture *f, uint32_t index, uint32_t seconds, uint32_t *seed)
{
    const uint32_t sides[2] = {fixture_caller(f, index), fixture_agent(f, index)};
    fixture_message(f, sides[0], true, "BYE", 0, "");
    fixture_message(f, sides[1], false, "BYE", 0, "");
    fixture_message(f, sides[1], true, "BYE", 200, "OK");
    fixture_message(f, sides[0], false, "BYE", 200, "OK");
    for (int i = 0; i < 2; i++) {
        struct event event = fixture_call_event(sides[i], 200, "OK");
        struct event_call *call = &event.call;
        call->counted = i == 0;
        call->established = call->completed = call->media_known = true;
        call->handshake_ns = EVENT_NONE;
        call->setup_ns = i == 0 ? (int64_t)(104e6 + random_share(seed) * 400e6) : EVENT_NONE;
        call->pdd_ns = i == 0 ? (int64_t)(14e6 + random_share(seed) * 10e6) : EVENT_NONE;
        call->first_media_ns = 21 * FIXTURE_MS;
        call->duration_ns = (int64_t)seconds * FIXTURE_S;
        call->packets_sent = call->packets_expected = 50u * seconds;
        call->packets_missing = (uint64_t)(random_share(seed) * seconds);
        call->packets_received = call->packets_expected - call->packets_missing;
        fixture_event(f, event);
        fixture_phase(f, sides[i], PHASE_DISCONNECTING);
        fixture_outcome(f, sides[i], OUTCOME_SUCCESS, 0, "", "");
    }
}

static void one_call(struct fixture *f, uint32_t index, uint32_t calls, uint32_t seconds,
                     uint32_t *seed)
{
    f->now_ns = FIXTURE_START + (int64_t)((double)index / calls * seconds * .2e9);
    if (index % 37 == 11) {
        fixture_refused_call(f, index, 503, "Service Unavailable", OUTCOME_CALL_FAILED);
        return;
    }
    begin_call(f, index, seed);
    int64_t began_ns = f->now_ns;
    for (uint32_t second = 0; second < seconds; second++) {
        f->now_ns = began_ns + (second + 1) * FIXTURE_S;
        double at = (double)(f->now_ns - FIXTURE_START) / 1e9 / seconds;
        double trouble = at > .5 && at < .75 ? sin((at - .5) * 4 * 3.1416) : 0;
        for (uint32_t i = 0; i < 2; i++) {
            uint32_t who = i ? fixture_caller(f, index) : fixture_agent(f, index);
            stream_second(f, who, DIRECTION_SEND, second, trouble * .3, seed);
            stream_second(f, who, DIRECTION_RECEIVE, second, i ? trouble : .1 * trouble, seed);
        }
    }
    end_call(f, index, seconds, seed);
}

/* Its seconds are kept beside the report, and stay there. */
static struct journal_writer *begin_journal(struct fixture *f, const char *path)
{
    char why[256] = "";
    struct journal_head head = {.roster = &f->roster, .version = "1", .started_ns = FIXTURE_START};
    f->also_to = journal_create(path, &head, why, sizeof(why));
    f->also = journal_event;
    if (!f->also_to) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    return f->also_to;
}

static void run_many(struct fixture *f, uint32_t calls, uint32_t seconds, const char *path)
{
    char why[256] = "";
    uint32_t seed = 1;
    fixture_init(f, calls);
    f->roster.name = "Release 7.4 on the edge SBC";
    fixture_threshold(f, "calls.success_rate >= 99.5%");
    fixture_threshold(f, "receive.mos.p5 >= 3.8");
    fixture_threshold(f, "receive.packet_loss.p95 < 1% in callers");
    fixture_threshold(f, "receive.jitter.p95 < 20ms");
    fixture_threshold(f, "call_setup_time.p95 < 1s");
    fixture_threshold(f, "receive.rtt.p99 < 50ms warn");
    fixture_scenario(f);
    fixture_run(f);
    struct journal_writer *writer = begin_journal(f, path);
    for (uint32_t i = 0; i < calls; i++)
        one_call(f, i, calls, seconds, &seed);
    fixture_pacing(f, 3, FIXTURE_MS / 4);
    struct journal_end end = {.ended_ns = f->now_ns, .error = ""};
    if (!journal_finish(writer, &end, why, sizeof(why)))
        fprintf(stderr, "%s\n", why);
    result_judge(f->result, f->now_ns + FIXTURE_S);
}

static bool run_named(struct fixture *f, const char *name)
{
    for (size_t i = 0; i < RUN_COUNT; i++) {
        if (strcmp(runs[i].name, name) == 0) {
            runs[i].run(f);
            return true;
        }
    }
    return false;
}

static bool write_report(const struct fixture *f, struct journal *journal, const char *path)
{
    struct report_run run = {.result = f->result, .journal = journal, .attempts = 1};
    struct report report = {.runs = &run, .run_count = 1};
    struct text out = {0};
    report_format_find("html")->write(&report, &out);
    bool ok = text_write_file(path, text_get(&out), out.length);
    text_fini(&out);
    return ok;
}

/* index.html of several runs. */
static int write_index(const char *path)
{
    static struct reports reports;
    struct text out = {0};
    report_matrix(&reports);
    report_format_find("index")->write(&reports.report, &out);
    bool ok = text_write_file(path, text_get(&out), out.length);
    text_fini(&out);
    reports_free(&reports);
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct fixture f;
    struct journal *journal = NULL;
    char why[256] = "", path[512];
    if (argc == 3 && strcmp(argv[1], "index") == 0)
        return write_index(argv[2]);
    if (argc == 5 && strcmp(argv[1], "many") == 0) {
        snprintf(path, sizeof(path), "%s.cmts", argv[2]);
        run_many(&f, (uint32_t)atoi(argv[3]), (uint32_t)atoi(argv[4]), path);
        journal = journal_open(path, why, sizeof(why));
    } else if (argc != 3 || !run_named(&f, argv[1]))
        return 2;
    bool ok = write_report(&f, journal, argv[2]);
    journal_free(journal);
    fixture_fini(&f);
    return ok ? 0 : 1;
}
