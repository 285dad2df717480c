#include "endpoint_private.h"
#include "cmtest/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void endpoint_emit(struct endpoint *endpoint, struct event *event)
{
    event->at_ns = clock_utc(clock_now());
    event->endpoint = endpoint->config.id;
    endpoint->handler->event(endpoint->owner, event);
}

void endpoint_move(struct endpoint *endpoint, enum endpoint_phase phase)
{
    if (phase <= endpoint->phase)
        return;
    endpoint->phase = phase;
    struct event event = {.kind = EVENT_PHASE, .phase = phase};
    endpoint_emit(endpoint, &event);
}

void endpoint_message(void *owner, const struct message *message)
{
    struct endpoint *endpoint = owner;
    struct event event = {.at_ns = clock_utc(message->at_ns),
                          .endpoint = endpoint->config.id,
                          .kind = EVENT_MESSAGE,
                          .message = message->facts};
    trace_add(&endpoint->trace, message);
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

void endpoint_worsen(struct endpoint *endpoint, enum endpoint_outcome outcome, uint16_t status,
                     const char *reason, const char *format, ...)
{
    struct event_outcome *now = &endpoint->outcome;
    if (now->detail[0] && outcome_severity(outcome) <= outcome_severity(now->outcome))
        return;
    now->outcome = outcome;
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
    endpoint_move(endpoint, PHASE_CLOSED);
    struct event event = {.kind = EVENT_OUTCOME, .outcome = endpoint->outcome};
    endpoint_emit(endpoint, &event);
    endpoint->handler->closed(endpoint->owner, endpoint->config.id);
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
        if (result->status)
            endpoint_worsen(endpoint, OUTCOME_REGISTRATION_FAILED, result->status, result->reason,
                            "%s refused REGISTER with %u %s", result->server, result->status,
                            result->reason);
        else
            endpoint_worsen(endpoint, OUTCOME_REGISTRATION_FAILED, 0, result->reason,
                            result->timed_out ? "%s did not answer REGISTER within 32 s"
                                              : "%s cannot be reached",
                            result->server);
        call_tell_not_attempted(endpoint);
        close_now(endpoint);
    }
    endpoint->handler->registered(endpoint->owner, endpoint->config.id, result->ok);
}

static void registration_ended(void *owner, bool ok)
{
    struct endpoint *endpoint = owner;
    if (!ok)
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, 0, NULL,
                        "the registrar did not confirm the removal of the registration");
    close_now(endpoint);
}

static const struct registration_handler registration_handler = {
    .message = endpoint_message, .done = registration_done, .ended = registration_ended};

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
    return endpoint;
}

void endpoint_free(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    loop_timer_cancel(&endpoint->timer);
    call_free(endpoint);
    registration_free(endpoint->registration);
    agent_user_free(endpoint->user);
    trace_free(&endpoint->trace);
    free(endpoint);
}

void endpoint_start(struct endpoint *endpoint)
{
    if (endpoint->phase == PHASE_CLOSED || endpoint->registration)
        return;
    endpoint->registration = registration_new(
        endpoint->agent, endpoint->user, endpoint->config.expires, &registration_handler, endpoint);
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
    endpoint->closing = true;
    loop_timer_cancel(&endpoint->timer);
    endpoint_move(endpoint, PHASE_DISCONNECTING);
    if (endpoint->registered)
        registration_end(endpoint->registration);
    else
        close_now(endpoint);
}

void endpoint_release(struct endpoint *endpoint, enum endpoint_outcome outcome, const char *detail)
{
    if (endpoint->call.invited || endpoint->closing || endpoint->phase == PHASE_CLOSED)
        return;
    endpoint_worsen(endpoint, outcome, 0, NULL, "%s", detail);
    call_tell_not_attempted(endpoint);
    endpoint_leave(endpoint);
}

void endpoint_interrupt(struct endpoint *endpoint)
{
    if (endpoint->interrupted || endpoint->phase == PHASE_CLOSED)
        return;
    endpoint->interrupted = true;
    endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, 0, NULL, "the run was interrupted");
    if (endpoint->call.invited && !endpoint->call.over) {
        call_hang_up(endpoint);
    } else if (!endpoint->call.invited) {
        call_tell_not_attempted(endpoint);
        /* A REGISTER that is under way is awaited: only then is there something to remove. */
        if (endpoint->registered)
            endpoint_leave(endpoint);
        else if (!endpoint->registration)
            close_now(endpoint);
    }
}

void endpoint_abort(struct endpoint *endpoint, const char *detail)
{
    if (endpoint->phase == PHASE_CLOSED)
        return;
    endpoint_worsen(endpoint, OUTCOME_TIMEOUT, 0, NULL, "%s", detail);
    call_tell_aborted(endpoint);
    endpoint->closing = true;
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
