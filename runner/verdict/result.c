#include "cmtest/result.h"

#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "health.h"
#include "gauge.h"
#include "means.h"
#include "second.h"
#include "told.h"
#include "tally.h"
#include "timeline.h"
#include "reassembly.h"

void result_free(struct result *result)
{
    if (!result)
        return;
    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        timeline_free(&result->endpoints[i]);
        free(result->endpoints[i].recording);
        reassembly_free(&result->endpoints[i].trace);
    }
    mem_pages_free(result->endpoints, result->roster->endpoint_count, sizeof(*result->endpoints));
    means_free(result);
    tally_free(result);
    free(result->judgements);
    free(result->told);
    metric_store_free(result->store);
    gauges_free(result->gauges);
    free(result->aborts);
    free(result);
}

struct result *result_new(const struct roster *roster, const struct threshold *thresholds,
                          size_t threshold_count, uint64_t seed, int64_t started_ns)
{
    struct result *result = mem_alloc(sizeof(*result));
    result->roster = roster;
    result->thresholds = thresholds;
    result->threshold_count = threshold_count;
    result->seed = seed;
    result->started_ns = started_ns;
    result->ended_ns = started_ns;
    result->verdict = VERDICT_ERROR; /* until it is judged */
    /* Workers that are forked from now on have no part in it. */
    result->endpoints = mem_pages(roster->endpoint_count, sizeof(*result->endpoints));
    result->judgements = mem_array(threshold_count, sizeof(*result->judgements));
    result->store = metric_store_new(roster);
    result->gauges = gauges_new(roster, thresholds, threshold_count, started_ns);
    tally_new(result);
    means_new(result);
    return result;
}

static void take_outcome(struct result_endpoint *endpoint, const struct event_outcome *outcome)
{
    if (endpoint->closed &&
        outcome_severity(outcome->outcome) <= outcome_severity(endpoint->outcome.outcome))
        return;
    endpoint->closed = true;
    endpoint->outcome = *outcome;
    endpoint->phase = PHASE_CLOSED;
}

static void take(struct result_endpoint *endpoint, const struct event *event)
{
    switch (event->kind) {
    case EVENT_PHASE:
        if (event->phase > endpoint->phase)
            endpoint->phase = event->phase;
        if (event->phase > endpoint->reached && event->phase < PHASE_DISCONNECTING)
            endpoint->reached = event->phase;
        break;
    case EVENT_REGISTRATION:
        endpoint->registered_known = true;
        endpoint->registration = event->registration;
        break;
    case EVENT_MEDIA:
        endpoint->media_known = true;
        endpoint->media = event->media;
        break;
    case EVENT_RECORDING:
        free(endpoint->recording);
        endpoint->recording = mem_alloc(sizeof *endpoint->recording);
        *endpoint->recording = event->recording;
        break;
    case EVENT_CALL:
        endpoint->call_known = true;
        endpoint->call = event->call;
        break;
    case EVENT_OUTCOME:
        take_outcome(endpoint, &event->outcome);
        break;
    case EVENT_SECOND:
        seconds_take(&endpoint->seconds, &event->second, event->at_ns);
        return;
    case EVENT_MESSAGE:
    case EVENT_ACTION:
    case EVENT_DIGIT:
    case EVENT_TRACE:
    case EVENT_PACING:
    case EVENT_MACHINE:
    case EVENT_HEALTH:
    case EVENT_STOP:
    case EVENT_FIGURE:
    case EVENT_REMOTE:
        break;
    }
    timeline_add(endpoint, event);
}

uint32_t result_partner(const struct result *result, uint32_t endpoint)
{
    uint32_t partner = result->roster->endpoints[endpoint].partner;
    return partner < result->roster->endpoint_count ? partner : ROSTER_NONE;
}

uint32_t result_call(const struct result *result, uint32_t endpoint)
{
    const struct roster *roster = result->roster;
    uint32_t partner = result_partner(result, endpoint);
    if (roster->endpoints[endpoint].role == ROLE_CALLER || partner == ROSTER_NONE)
        return endpoint;
    return roster->endpoints[partner].partner == endpoint ? partner : endpoint;
}

void result_event(void *to, const struct event *event)
{
    struct result *result = to;
    if (event->kind == EVENT_PACING) {
        result->pacing = event->pacing;
        return;
    }
    if (health_take(result, event) || told_take(result, event))
        return;
    if (event->kind == EVENT_STOP && !result->stopped &&
        event->stop.threshold < result->threshold_count) {
        result->stopped = true;
        result->stop = event->stop;
        result->stopped_ns = event->at_ns;
    }
    if (event->endpoint >= result->roster->endpoint_count)
        return;
    struct result_endpoint *endpoint = &result->endpoints[event->endpoint];
    if (event->kind == EVENT_TRACE) {
        reassembly_take(&endpoint->trace, event, &result->traced);
        return;
    }
    /* A higher severity may still replace an outcome: result_judge() gives the last one. */
    if (event->kind != EVENT_OUTCOME)
        metric_store_event(result->store, event);
    gauges_event(result->gauges, event);
    if (event->kind == EVENT_SECOND)
        means_take(result, event);
    if (event->kind == EVENT_ACTION)
        tally_take(result, event);
    take(endpoint, event);
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"pass", "fail", "error", "inconclusive"};
    return (unsigned)verdict < 4 ? names[verdict] : "error";
}

int result_exit_code(const struct result *result)
{
    if (result->interrupted)
        return 130;
    switch (result->verdict) {
    case VERDICT_PASS:
        return 0;
    case VERDICT_FAIL:
        return 1;
    case VERDICT_INCONCLUSIVE:
        return 5;
    case VERDICT_ERROR:
        break;
    }
    return 4;
}
