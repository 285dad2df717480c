#include "attempt.h"
#include "remote.h"
#include "cmtest/execution.h"
#include "cmtest/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t interrupts;

static void count_interrupt(int signal_number)
{
    /* The first ends the run in order, the second cuts it off, the third is for when even that
     * hangs. */
    if (++interrupts > 2) {
        display_restore();
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = count_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

bool watcher_init(struct watcher *watcher, const struct batch *batch, const struct options *options)
{
    *watcher = (struct watcher){.options = options, .batch = batch};
    if (options->events && !(watcher->stream = stream_open(options->events)))
        return false;
    if (options->timeout_ns) {
        watcher->deadline_ns = clock_now() + options->timeout_ns;
        snprintf(watcher->timeout, sizeof watcher->timeout,
                 "timed out: the %g s of --timeout are over; what was measured until then is kept",
                 (double)options->timeout_ns / NS_PER_S);
    }
    watch_signals();
    if (watcher->stream) {
        struct text line = {0};
        event_line_start(clock_utc(clock_now()), (unsigned)batch->case_count, batch->seed, &line);
        stream_put(watcher->stream, &line);
        text_fini(&line);
    }
    return true;
}

bool watcher_fini(struct watcher *watcher, int exit_code)
{
    struct text line = {0};
    if (!watcher->stream)
        return true;
    event_line_end(clock_utc(clock_now()), exit_code, stream_lost(watcher->stream), &line);
    stream_put(watcher->stream, &line);
    text_fini(&line);
    return stream_close(watcher->stream);
}

static bool is_late(const struct watcher *watcher)
{
    return watcher->timed_out || (watcher->deadline_ns && clock_now() >= watcher->deadline_ns);
}

bool watcher_timed_out(const struct watcher *watcher, bool skipped)
{
    return !interrupts && (skipped ? is_late(watcher) : watcher->timed_out);
}

bool watcher_interrupted(const struct watcher *watcher)
{
    (void)watcher;
    return interrupts > 0;
}

const char *watcher_stopped(const struct watcher *watcher)
{
    return interrupts ? "interrupted" : is_late(watcher) ? "the time of --timeout was over" : NULL;
}

/* ---- one attempt ---------------------------------------------------------------------------- */

static void watch_event(void *to, const struct event *event)
{
    struct watcher *watcher = to;
    if (watcher->display)
        display_event(watcher->display, event);
    if (watcher->stream) {
        struct text line = {0};
        event_line(watcher->roster, watcher->event.number, event, &line);
        stream_put(watcher->stream, &line);
        text_fini(&line);
    }
}

static void check_time(struct watcher *watcher, int64_t now)
{
    if (!watcher->timed_out && !interrupts && watcher->deadline_ns && now >= watcher->deadline_ns) {
        watcher->timed_out = true;
        watcher->why = watcher->timeout;
    }
    watcher->stops = interrupts + watcher->timed_out;
}

static void watch_tick(void *to, int64_t now)
{
    struct watcher *watcher = to;
    check_time(watcher, now);
    if (watcher->stops && !watcher->told) {
        watcher->told = true;
        if (watcher->display)
            display_end(watcher->display);
        fprintf(stderr, "cmtest: %s: %s; %s %s\n", watcher->timed_out ? "timed out" : "interrupted",
                watcher->display ? "hanging up and de-registering" : "stopping the run there",
                watcher->timed_out ? "Ctrl-C" : "once more",
                watcher->display ? "cuts it off" : "leaves it alone");
    }
    if (watcher->display)
        display_tick(watcher->display, now);
    if (watcher->stream)
        stream_flush(watcher->stream);
}

static void tell_case(struct watcher *watcher)
{
    struct text line = {0};
    if (!watcher->stream)
        return;
    event_line_case(clock_utc(clock_now()), &watcher->event, watcher->roster, &line);
    stream_put(watcher->stream, &line);
    text_fini(&line);
}

static void tell_verdict(struct watcher *watcher, const struct result *result)
{
    struct text line = {0};
    if (!watcher->stream)
        return;
    event_line_verdict(&watcher->event, result, &line);
    stream_put(watcher->stream, &line);
    stream_flush(watcher->stream);
    text_fini(&line);
}

static struct event_line_case describe(const struct watcher *watcher, const struct batch_case *one,
                                       unsigned number)
{
    return (struct event_line_case){
        .number = number,
        .count = (unsigned)watcher->batch->case_count,
        .name = one->name,
        .spec = one->spec->path,
        .case_name = one->case_name,
        .folder = one->folder,
        .seed = one->spec->cases[one->index].seed,
    };
}

/* How long the cases behind this one take, when all goes well. */
static int64_t later_ns(const struct batch *batch, unsigned number)
{
    int64_t sum = 0;
    for (size_t i = number; i < batch->case_count; i++)
        sum += batch->cases[i].spec->cases[batch->cases[i].index].planned_ns;
    return sum;
}

/* What a platform runs has no live display: its events come when it has ended. */
static struct result *run_there(struct plan *plan, const struct execution_watch *watch,
                                const struct watcher *watcher, const struct batch_case *one,
                                const struct keeping *keeping)
{
    struct remote_setup setup;
    struct execution_watch there = *watch;
    const char *slash = strrchr(keeping->path, '/');
    char *folder = mem_strdup(slash ? keeping->path : ".");
    if (slash)
        folder[slash - keeping->path] = '\0';
    remote_setup_init(&setup, watcher->options, &one->spec->cases[one->index], folder);
    there.remote = &setup.ask;
    struct result *result = execution_backend_find("platform")->run(plan, &there);
    remote_setup_fini(&setup);
    free(folder);
    return result;
}

struct result *attempt_run(struct watcher *watcher, const struct batch_case *one, unsigned number,
                           unsigned attempt, struct keeping *keeping)
{
    struct plan *plan = load_plan(one->spec, one->index);
    struct display_place place = {.number = number,
                                  .count = (unsigned)watcher->batch->case_count,
                                  .attempt = attempt,
                                  .name = one->label,
                                  .later_ns = later_ns(watcher->batch, number)};
    plan->workers = (uint32_t)watcher->options->workers;
    plan->precise = watcher->options->precise;
    plan->allow_exec = watcher->options->allow_exec;
    watcher->event = describe(watcher, one, number);
    watcher->event.attempt = attempt;
    watcher->roster = &plan->roster;
    bool remote = remote_wanted(watcher->options);
    watcher->display = remote ? NULL : display_new(plan, &place, watcher->options);
    watcher->stops = interrupts;
    tell_case(watcher);
    struct execution_watch watch = {.event = watch_event,
                                    .tick = watch_tick,
                                    .to = watcher,
                                    .interrupts = &watcher->stops,
                                    .why = &watcher->why,
                                    .journal = keeping->path,
                                    .case_name = one->case_name,
                                    .journal_why = keeping->why,
                                    .journal_why_size = sizeof keeping->why};
    struct result *result = remote ? run_there(plan, &watch, watcher, one, keeping)
                                   : execution_backend_find("local")->run(plan, &watch);
    if (watcher->display)
        display_end(watcher->display);
    display_free(watcher->display);
    tell_verdict(watcher, result);
    return result;
}

void watcher_skipped(struct watcher *watcher, const struct batch_case *one, unsigned number,
                     const char *why)
{
    struct event_line_case event = describe(watcher, one, number);
    struct text line = {0};
    if (!watcher->stream)
        return;
    event_line_skipped(clock_utc(clock_now()), &event, why, &line);
    stream_put(watcher->stream, &line);
    text_fini(&line);
}
