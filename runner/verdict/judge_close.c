#include "cmtest/text.h"
#include "gauge.h"
#include "judge.h"
#include "timeline.h"
#include "told.h"

static void sample(void *to, const struct event *event)
{
    struct result *result = to;
    metric_store_event(result->store, event);
    gauges_sample(result->gauges, event);
}

static const struct event_call never_told = {
    .counted = true,
    .trying_ns = EVENT_NONE,
    .ringing_ns = EVENT_NONE,
    .pdd_ns = EVENT_NONE,
    .setup_ns = EVENT_NONE,
    .first_media_ns = EVENT_NONE,
    .duration_ns = EVENT_NONE,
    .teardown_ns = EVENT_NONE,
    .early_media_ns = EVENT_NONE,
    .failed_ns = EVENT_NONE,
    .retry_after = -1,
};

/* An endpoint whose worker vanished, and a call that nobody told of, are failures: a share of those
 * that did report would look better than the run was. */
void result_last_events(const struct result *result, uint32_t index, event_fn *take, void *to)
{
    const struct result_endpoint *endpoint = &result->endpoints[index];
    struct event event = {.at_ns = result->ended_ns, .endpoint = index};

    if (told_nothing(result, index))
        return;
    if (!endpoint->closed && !endpoint->registered_known && !result->interrupted) {
        event.kind = EVENT_REGISTRATION;
        event.registration = (struct event_registration){.expires = -1, .time_ns = EVENT_NONE};
        take(to, &event);
    }
    if (result->roster->endpoints[index].role == ROLE_CALLER && !endpoint->call_known) {
        event.kind = EVENT_CALL;
        event.call = never_told;
        event.call.result = endpoint->phase < PHASE_CALLING ? CALL_NOT_ATTEMPTED : CALL_ERROR;
        take(to, &event);
    }
    event.kind = EVENT_OUTCOME;
    event.outcome = endpoint->outcome;
    take(to, &event);
}

void judge_close(struct result *result, uint32_t index)
{
    struct result_endpoint *endpoint = &result->endpoints[index];

    timeline_close(endpoint);
    if (told_close(result, index))
        return;
    if (!endpoint->closed) {
        endpoint->outcome = (struct event_outcome){.outcome = OUTCOME_OSERROR,
                                                   .failure = result->interrupted ? FAILURE_CUT_OFF
                                                                                  : FAILURE_LOCAL};
        text_copy(endpoint->outcome.detail, sizeof(endpoint->outcome.detail),
                  result->interrupted ? "the run was interrupted before it ended"
                  : result->error[0] || result->machine.refused != MACHINE_NONE
                      ? "it was not started: the run could not be carried out"
                      : "the worker that ran it vanished");
    }
    result_last_events(result, index, sample, result);
    if ((unsigned)endpoint->outcome.outcome <= OUTCOME_TEARDOWN_ERROR)
        result->outcome_counts[endpoint->outcome.outcome]++;
}
