/* Requests, digits, registration and BYE of the scenario, and what came of them. */
#include "cmtest/arena.h"
#include "steps_private.h"

#include <string.h>

static void note_request(struct steps *steps, const struct steps_request *request)
{
    steps->requests = mem_grow(steps->requests, steps->request_count + 1, sizeof *steps->requests);
    steps->requests[steps->request_count++] = *request;
}

static void forget_request(struct steps *steps, size_t index)
{
    steps->request_count--;
    memmove(&steps->requests[index], &steps->requests[index + 1],
            (steps->request_count - index) * sizeof *steps->requests);
}

const char *steps_request(void *who, uint32_t ticket, const char *method, const char *type,
                          const char *body)
{
    struct endpoint *endpoint = who;
    struct leg *leg = steps_talking(endpoint);
    if (!leg)
        return steps_not_up;
    if (!dialog_request(leg->dialog, method, type, body, NULL))
        return "no request can be sent now: the call is ending, or too many wait for answers";
    note_request(endpoint->steps, &(struct steps_request){.leg = leg, .ticket = ticket});
    return NULL;
}

static const char *order_digits(struct endpoint *endpoint, uint32_t ticket,
                                const struct digits *digits)
{
    struct steps *steps = endpoint->steps;
    /* The first one may be told before it returns. */
    size_t slot = steps->order_count++;
    steps->orders[slot].ticket = ticket;
    steps->orders[slot].method = digits->method;
    steps->orders[slot].left = strlen(digits->text);
    const char *why = endpoint_send_digits(endpoint, digits);
    if (why)
        steps->order_count--;
    return why;
}

const char *steps_digits(void *who, uint32_t ticket, const struct order *order)
{
    struct endpoint *endpoint = who;
    struct steps *steps = endpoint->steps;
    struct digits digits = {.method = DIGIT_RTP,
                            .text = order->digits,
                            .tone_ns = order->tone_ns,
                            .gap_ns = order->gap_ns};
    bool both = strcmp(order->method, "both") == 0;
    for (int i = 0; i < DIGIT_METHODS; i++)
        if (strcmp(order->method, digit_method_name((enum digit_method)i)) == 0)
            digits.method = (enum digit_method)i;
    if (steps->order_count + both >= STEPS_WAITING_MAX)
        return "too many digits wait already";
    const char *why = order_digits(endpoint, ticket, &digits);
    digits.method = DIGIT_INFO;
    if (!why && both)
        why = order_digits(endpoint, ticket, &digits);
    return why;
}

const char *steps_reregister(void *who, uint32_t ticket)
{
    struct endpoint *endpoint = who;
    if (endpoint->steps->reregister || !endpoint->started ||
        !registration_refresh(endpoint->registration))
        return "there is no registration, or a REGISTER is under way";
    endpoint->steps->reregister = ticket;
    return NULL;
}

const char *steps_deregister(void *who, uint32_t ticket)
{
    struct endpoint *endpoint = who;
    if (!endpoint->registered || endpoint->removing || endpoint->closing)
        return "there is no registration";
    endpoint->steps->deregister = ticket;
    endpoint->removing = true;
    registration_end(endpoint->registration);
    return NULL;
}

const char *steps_hang_up(void *who, uint32_t ticket, const char *reason)
{
    struct endpoint *endpoint = who;
    struct leg *leg = steps_talking(endpoint);
    if (!leg)
        return steps_not_up;
    endpoint->steps->hangup = ticket;
    endpoint->call.hung_up = true;
    call_hang_up_because(endpoint, reason);
    return NULL;
}

/* ---- what came of it ------------------------------------------------------------------------- */

void steps_requested(struct leg *leg)
{
    if (leg->endpoint->steps)
        note_request(leg->endpoint->steps, &(struct steps_request){.leg = leg, .digit = true});
}

bool steps_replied(struct leg *leg, int status)
{
    struct steps *steps = leg->endpoint->steps;
    /* Each dialog answers its own in their order. */
    for (size_t i = 0; steps && i < steps->request_count; i++) {
        struct steps_request request = steps->requests[i];
        if (request.leg != leg)
            continue;
        forget_request(steps, i);
        steps_done(leg->endpoint, &request.ticket, status >= 200 && status < 300, status, NULL);
        return !request.digit;
    }
    return false;
}

void steps_left(struct leg *leg, bool gone)
{
    static const char why[] = "the call moved to another dialog first";
    struct endpoint *endpoint = leg->endpoint;
    struct steps *steps = endpoint->steps;
    if (!steps)
        return;
    for (size_t i = 0; gone && i < steps->request_count;) {
        if (steps->requests[i].leg != leg) {
            i++;
            continue;
        }
        steps_done(endpoint, &steps->requests[i].ticket, false, 0, why);
        forget_request(steps, i);
    }
    if (steps->asked != leg)
        return;
    steps->asked = NULL;
    steps_done(endpoint, &steps->offer, false, 0, why);
    steps_done(endpoint, &steps->refresh, false, 0, why);
}

/* By the other one of two methods. */
static bool is_ordered(const struct steps *steps, uint32_t ticket)
{
    for (size_t i = 0; i < steps->order_count; i++)
        if (steps->orders[i].ticket == ticket)
            return true;
    return false;
}

void steps_digit(struct endpoint *endpoint, const struct event_digit *digit)
{
    struct steps *steps = endpoint->steps;
    if (digit->direction == DIRECTION_RECEIVE)
        steps_happened(endpoint, &(struct occurrence){.kind = OCCURRED_DIGIT,
                                                      .digit = digit->digit,
                                                      .method = digit->method});
    for (size_t i = 0; steps && digit->direction == DIRECTION_SEND && i < steps->order_count; i++) {
        if (steps->orders[i].method != digit->method)
            continue;
        if (--steps->orders[i].left)
            return;
        uint32_t ticket = steps->orders[i].ticket;
        steps->order_count--;
        memmove(&steps->orders[i], &steps->orders[i + 1],
                (steps->order_count - i) * sizeof steps->orders[0]);
        if (!is_ordered(steps, ticket))
            steps_done(endpoint, &ticket, true, 0, NULL);
        return;
    }
}

void steps_reregistered(struct endpoint *endpoint, const struct event_registration *result)
{
    if (endpoint->steps)
        steps_done(endpoint, &endpoint->steps->reregister, result->ok, result->status, NULL);
}

bool steps_registering(const struct endpoint *endpoint)
{
    return endpoint->steps && endpoint->steps->reregister;
}

void steps_deregistered(struct endpoint *endpoint, bool ok)
{
    if (endpoint->steps)
        steps_done(endpoint, &endpoint->steps->deregister, ok, ok ? 200 : 0,
                   ok ? NULL : "the registrar did not confirm it");
}
