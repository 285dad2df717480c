/* A run on a platform: started and followed there, and judged here from what it tells. */
#include <stdio.h>
#include <string.h>
#include "cmtest/execution.h"
#include "cmtest/loop.h"
#include "keeping.h"
#include "remote.h"

struct platform_events {
    struct result *result;
    struct journal_writer *journal;
    const struct execution_watch *watch;
    struct remote *remote;
    bool endpoints; /* an event told of one */
    int64_t at_ns;
};

static void tell(void *to, const struct event *event)
{
    struct platform_events *events = to;
    /* What another one says of where a run was is not taken for granted. */
    if (event->kind == EVENT_REMOTE && events->result->remote_known)
        return;
    events->endpoints = events->endpoints || event->endpoint != ROSTER_NONE;
    result_event(events->result, event);
    if (events->journal)
        journal_event(events->journal, event);
    if (events->watch->event)
        events->watch->event(events->watch->to, event);
}

static void take_event(void *to, const struct event *event)
{
    if (event->kind != EVENT_REMOTE && event->kind != EVENT_FIGURE)
        tell(to, event);
}

static void take_figure(void *to, const struct platform_figure *figure)
{
    struct platform_events *events = to;
    struct event event = {.at_ns = events->at_ns, .endpoint = ROSTER_NONE, .kind = EVENT_FIGURE};
    text_copy(event.figure.metric, sizeof event.figure.metric, figure->metric);
    text_copy(event.figure.direction, sizeof event.figure.direction, figure->direction);
    text_copy(event.figure.group, sizeof event.figure.group, figure->group);
    text_copy(event.figure.statistic, sizeof event.figure.statistic, figure->statistic);
    event.figure.value = figure->value;
    event.figure.samples = figure->samples;
    tell(to, &event);
}

static void tell_remote(struct platform_events *events)
{
    const struct remote *remote = events->remote;
    struct event event = {.at_ns = events->at_ns, .endpoint = ROSTER_NONE, .kind = EVENT_REMOTE};
    text_copy(event.remote.project, sizeof event.remote.project, remote->asked->project);
    text_copy(event.remote.test, sizeof event.remote.test,
              remote->test[0]       ? remote->test
              : remote->asked->test ? remote->asked->test
                                    : "");
    text_copy(event.remote.run, sizeof event.remote.run, remote->run.id);
    text_copy(event.remote.status, sizeof event.remote.status, remote->run.word);
    text_copy(event.remote.link, sizeof event.remote.link, remote->run.link);
    event.remote.partial = !events->endpoints;
    tell(events, &event);
}

/* Interrupted by somebody, or by a time limit, which is an error with its words. */
static void take_interrupt(const struct remote *remote, struct result *result)
{
    const char *why = remote->watch->why ? *remote->watch->why : NULL;
    if (why)
        text_copy(result->error, sizeof result->error, why);
    else
        result->interrupted = true;
}

static bool fetch(struct remote *remote, struct platform_events *events)
{
    struct platform_sink sink = {
        .roster = &remote->plan->roster, .event = take_event, .figure = take_figure, .to = events};
    struct result *result = events->result;
    bool whole = remote_fetch(remote, &sink);
    if (remote->run.status == RUN_FAILED)
        snprintf(result->error, sizeof result->error,
                 "the platform could not carry out the run (%s%s%.150s)", remote->run.word,
                 remote->run.reason[0] ? ": " : "", remote->run.reason);
    return whole;
}

static struct result *run_platform(struct plan *plan, const struct execution_watch *watch)
{
    struct remote remote;
    int64_t now = clock_utc(clock_now());
    bool started = remote_open(&remote, plan, watch) && remote_start(&remote);
    bool ended = started && remote_follow(&remote);
    int64_t later = clock_utc(clock_now());
    struct platform_events events = {.watch = watch, .remote = &remote};
    /* Both of one clock: ours, unless the platform tells both. */
    bool told = ended && remote.run.started_ns != EVENT_NONE && remote.run.ended_ns != EVENT_NONE;
    int64_t from = told ? remote.run.started_ns : now;
    int64_t to = told ? remote.run.ended_ns : later;
    events.result =
        result_new(&plan->roster, plan->thresholds, plan->threshold_count, plan->seed, from);
    events.journal = keeping_begin(plan, events.result, watch);
    events.at_ns = to > from ? to : from;
    bool whole = ended && fetch(&remote, &events);
    if (started)
        tell_remote(&events);
    if (remote.interrupted || (!whole && watch->interrupts && *watch->interrupts))
        take_interrupt(&remote, events.result);
    if (remote.why[0] && !events.result->error[0])
        text_copy(events.result->error, sizeof events.result->error, remote.why);
    result_judge(events.result, events.at_ns);
    keeping_end(events.journal, events.result, watch);
    remote_close(&remote);
    return events.result;
}

const struct execution_backend execution_backend_platform = {
    .name = "platform",
    .help = "on a CallMeter-style platform, by its API",
    .run = run_platform,
};
