#include "endpoint_private.h"
#include "cmtest/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void count_step(struct event_steps *steps, const struct event_action *action)
{
    steps->begun += action->began_ns != EVENT_NONE;
    /* What stands behind else is no step of its own. */
    steps->done += action->result == ACTION_DONE && !action->otherwise;
    steps->failed += action->result == ACTION_FAILED;
    steps->skipped += action->result == ACTION_SKIPPED && !action->otherwise;
}

void endpoint_emit(struct endpoint *endpoint, struct event *event)
{
    if (endpoint->told)
        return; /* cut off: what still comes is no part of the run */
    event->at_ns = clock_utc(clock_now());
    event->endpoint = endpoint->config.id;
    if (event->kind == EVENT_ACTION)
        count_step(&endpoint->outcome.steps, &event->action);
    endpoint->handler->event(endpoint->owner, event);
}

void endpoint_move(struct endpoint *endpoint, enum endpoint_phase phase)
{
    if (phase <= endpoint->phase)
        return;
    endpoint->phase = phase;
    struct event event = {.kind = EVENT_PHASE, .phase = phase};
    endpoint_emit(endpoint, &event);
    /* Where it may stay for long. */
    if (phase == PHASE_REGISTERED || phase == PHASE_INCALL)
        trace_rest(&endpoint->trace, endpoint->config.compactor);
}

void endpoint_message(void *owner, const struct message *message)
{
    struct endpoint *endpoint = owner;
    struct event event = {.at_ns = clock_utc(message->at_ns),
                          .endpoint = endpoint->config.id,
                          .kind = EVENT_MESSAGE,
                          .message = message->facts};
    trace_add(&endpoint->trace, message);
    steps_message(endpoint, message);
    expected_message(endpoint, message);
    if (!endpoint->told)
        endpoint->handler->event(endpoint->owner, &event);
}

void endpoint_trace(struct endpoint *endpoint)
{
    trace_emit(&endpoint->trace, endpoint->config.id, endpoint->handler->event, endpoint->owner);
}

void endpoint_trace_drop(struct endpoint *endpoint)
{
    trace_free(&endpoint->trace);
}

void endpoint_worsen(struct endpoint *endpoint, enum endpoint_outcome outcome,
                     enum event_failure failure, uint16_t status, const char *reason,
                     const char *format, ...)
{
    struct event_outcome *now = &endpoint->outcome;
    if (now->detail[0] && outcome_severity(outcome) <= outcome_severity(now->outcome))
        return;
    now->outcome = outcome;
    now->failure = failure;
    now->status = status;
    text_copy(now->reason, sizeof now->reason, reason ? reason : "");
    char detail[sizeof now->detail * 2];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    text_copy(now->detail, sizeof now->detail, detail);
}

static void close_now(struct endpoint *endpoint)
{
    if (endpoint->phase == PHASE_CLOSED)
        return;
    loop_timer_cancel(&endpoint->timer);
    steps_end(endpoint);
    expected_settle(endpoint);
    endpoint_move(endpoint, PHASE_CLOSED);
    struct event event = {.kind = EVENT_OUTCOME, .outcome = endpoint->outcome};
    endpoint_emit(endpoint, &event);
    endpoint->told = true;
    call_forget(endpoint);
    endpoint->handler->closed(endpoint->owner, endpoint->config.id);
}

/* ---- registration ---------------------------------------------------------------------------- */

/* What the texts say is derived where the registration itself did not tell. */
static enum event_failure registration_failure(const struct event_registration *result)
{
    if (result->failure)
        return result->failure;
    if (result->status)
        return FAILURE_REFUSED;
    return result->timed_out ? FAILURE_NO_ANSWER : FAILURE_UNREACHABLE;
}

/* One sentence, without a dot. */
static void registration_sentence(const struct event_registration *result, struct text *out)
{
    const char *trouble = result->trouble;
    switch (registration_failure(result)) {
    case FAILURE_NO_ANSWER:
        text_printf(out, "%s did not answer REGISTER within 32 s", result->server);
        break;
    case FAILURE_NAME:
        text_printf(out, "the name of %s was not resolved", result->server);
        break;
    case FAILURE_TLS:
        text_printf(out, "the TLS handshake with %s failed", result->server);
        break;
    case FAILURE_UNREACHABLE:
        text_printf(out, "%s cannot be reached", result->server);
        break;
    default:
        text_printf(out, "%s %s REGISTER with %u %s", result->server,
                    result->status < 300 ? "answered" : "refused", result->status, result->reason);
        if (result->failure == FAILURE_CREDENTIALS)
            text_add(out, " although its challenge was answered");
        if (result->failure == FAILURE_CREDENTIALS && result->realm[0])
            text_printf(out, " (realm %s)", result->realm);
        if (result->retry_after >= 0 && result->failure)
            text_printf(out, "; it may be tried again after %d s", (int)result->retry_after);
        break;
    }
    if (*trouble)
        text_printf(out, ": %s", trouble);
}

static void registration_failed(struct endpoint *endpoint, enum endpoint_outcome outcome,
                                enum event_failure failure, const char *before,
                                const struct event_registration *result)
{
    struct text sentence = {0};
    registration_sentence(result, &sentence);
    endpoint_worsen(endpoint, outcome, failure, result->status, result->reason, "%s%s", before,
                    text_get(&sentence));
    text_fini(&sentence);
}

static void registration_done(void *owner, const struct event_registration *result)
{
    struct endpoint *endpoint = owner;
    struct event event = {.kind = EVENT_REGISTRATION, .registration = *result};
    endpoint_emit(endpoint, &event);
    endpoint->registered = result->ok;
    if (result->ok) {
        endpoint_move(endpoint, PHASE_REGISTERED);
        if (endpoint->interrupted)
            endpoint_leave(endpoint);
    } else {
        registration_failed(endpoint, OUTCOME_REGISTRATION_FAILED, registration_failure(result), "",
                            result);
        call_tell_not_attempted(endpoint);
        close_now(endpoint);
    }
    endpoint->handler->registered(endpoint->owner, endpoint->config.id, result->ok);
}

/* A call goes on without its binding; who waits for one cannot be reached any more. */
static void registration_lost(void *owner, const struct event_registration *result)
{
    struct endpoint *endpoint = owner;
    static const char before[] = "the registration was lost: ";
    if (endpoint->closing || endpoint->phase == PHASE_CLOSED)
        return;
    endpoint->registered = false;
    if (endpoint->call.invited) {
        registration_failed(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_REFRESH, before,
                            result);
        return;
    }
    registration_failed(endpoint, OUTCOME_REGISTRATION_FAILED, FAILURE_REFRESH, before, result);
    call_tell_not_attempted(endpoint);
    endpoint_leave(endpoint);
}

static void registration_refreshed(void *owner, const struct event_registration *result)
{
    struct endpoint *endpoint = owner;
    endpoint->registered = endpoint->registered || result->ok;
    steps_reregistered(owner, result);
}

static void registration_ended(void *owner, bool ok)
{
    struct endpoint *endpoint = owner;
    if (!endpoint->closing) { /* a step's */
        endpoint->removing = endpoint->registered = false;
        steps_deregistered(endpoint, ok);
        return;
    }
    if (!ok)
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_UNREGISTER, 0, NULL,
                        "the registrar did not confirm the removal of the registration");
    close_now(endpoint);
}

static void registration_unanswered(void *owner, const char *server)
{
    endpoint_worsen(owner, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_ANSWER, 0, NULL,
                    "%s did not answer the OPTIONS that keep the way to it open", server);
}

static const struct registration_handler registration_handler = {
    .message = endpoint_message,
    .done = registration_done,
    .lost = registration_lost,
    .refreshed = registration_refreshed,
    .unanswered = registration_unanswered,
    .ended = registration_ended};

/* ---- life ------------------------------------------------------------------------------------ */

struct endpoint *endpoint_new(struct agent *agent, struct loop *loop,
                              const struct endpoint_config *config,
                              const struct media_service *media, void *service,
                              const struct endpoint_handler *handler, void *owner)
{
    struct endpoint *endpoint = mem_alloc(sizeof *endpoint);
    endpoint->config = *config;
    endpoint->agent = agent;
    endpoint->loop = loop;
    endpoint->media = media;
    endpoint->service = service;
    endpoint->handler = handler;
    endpoint->owner = owner;
    endpoint->user =
        agent_user_new(agent, &endpoint->config.identity, config->id, call_invited, endpoint);
    /* Made here, what stays lies together, and not between messages that go again. */
    endpoint->registration =
        registration_new(agent, endpoint->user, config->expires, &registration_handler, endpoint);
    return endpoint;
}

void endpoint_free(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    loop_timer_cancel(&endpoint->timer);
    call_free(endpoint);
    steps_free(endpoint);
    free(endpoint->expected);
    registration_free(endpoint->registration);
    agent_user_free(endpoint->user);
    trace_free(&endpoint->trace);
    free(endpoint);
}

void endpoint_start(struct endpoint *endpoint)
{
    if (endpoint->phase == PHASE_CLOSED || endpoint->started)
        return;
    endpoint->started = true;
    steps_start(endpoint);
    steps_occurred(endpoint, OCCURRED_REGISTERING);
    registration_keepalive(endpoint->registration, endpoint->config.keepalive_ns);
    registration_start(endpoint->registration);
}

void endpoint_dial(struct endpoint *endpoint)
{
    if (endpoint->phase == PHASE_REGISTERED && !endpoint->closing)
        call_dial(endpoint);
}

void endpoint_leave(struct endpoint *endpoint)
{
    if (endpoint->closing)
        return;
    steps_end(endpoint);
    endpoint->closing = true;
    loop_timer_cancel(&endpoint->timer);
    endpoint_move(endpoint, PHASE_DISCONNECTING);
    if (endpoint->removing)
        return; /* registration_ended() follows */
    if (endpoint->registered || steps_registering(endpoint))
        registration_end(endpoint->registration);
    else
        close_now(endpoint);
}

void endpoint_release(struct endpoint *endpoint, enum endpoint_outcome outcome, const char *detail)
{
    if (endpoint->call.invited || endpoint->closing || endpoint->phase == PHASE_CLOSED)
        return;
    endpoint_worsen(endpoint, outcome,
                    outcome == OUTCOME_TIMEOUT ? FAILURE_NO_INVITE : FAILURE_PARTNER, 0, NULL, "%s",
                    detail);
    call_tell_not_attempted(endpoint);
    endpoint_leave(endpoint);
}

void endpoint_interrupt(struct endpoint *endpoint)
{
    if (endpoint->interrupted || endpoint->phase == PHASE_CLOSED)
        return;
    endpoint->interrupted = true;
    endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_CUT_OFF, 0, NULL,
                    "the run was interrupted");
    if (endpoint->call.invited && !endpoint->call.over) {
        call_hang_up(endpoint);
    } else if (!endpoint->call.invited) {
        call_tell_not_attempted(endpoint);
        /* A REGISTER that is under way is awaited: only then is there something to remove. */
        if (endpoint->registered)
            endpoint_leave(endpoint);
        else if (!endpoint->started)
            close_now(endpoint);
    }
}

void endpoint_abort(struct endpoint *endpoint, const char *detail)
{
    if (endpoint->phase == PHASE_CLOSED || endpoint->aborted)
        return;
    endpoint_worsen(endpoint, OUTCOME_TIMEOUT, FAILURE_CUT_OFF, 0, NULL, "%s", detail);
    endpoint->aborted = endpoint->closing = true;
    loop_timer_cancel(&endpoint->timer);
    /* Media are this machine's own: they tell what they were, whoever else is silent. */
    if (!call_close_media(endpoint))
        endpoint_cut_off(endpoint);
}

void endpoint_cut_off(struct endpoint *endpoint)
{
    if (endpoint->phase == PHASE_CLOSED)
        return;
    call_tell_aborted(endpoint);
    close_now(endpoint);
}

enum endpoint_phase endpoint_phase_now(const struct endpoint *endpoint)
{
    return endpoint->phase;
}

bool endpoint_was_called(const struct endpoint *endpoint)
{
    return endpoint->call.invited;
}
