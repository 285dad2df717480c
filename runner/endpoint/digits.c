/* DTMF of the call: what is to be sent, and what was received. */
#include "cmtest/dtmf.h"
#include "endpoint_private.h"
#include "cmtest/arena.h"

#include <string.h>

void endpoint_digit(struct endpoint *endpoint, const struct event_digit *digit, int64_t at_ns)
{
    struct event event = {.at_ns = clock_utc(at_ns),
                          .endpoint = endpoint->config.id,
                          .kind = EVENT_DIGIT,
                          .digit = *digit};
    if (endpoint->told)
        return;
    endpoint->handler->event(endpoint->owner, &event);
    steps_digit(endpoint, digit);
    if (endpoint->handler->digit)
        endpoint->handler->digit(endpoint->owner, endpoint->config.id, digit, at_ns);
}

/* ---- SIP INFO ------------------------------------------------------------------------------- */

static void next_info(void *arg)
{
    struct endpoint *endpoint = arg;
    struct info_queue *queue = &endpoint->call.info;
    struct leg *leg = endpoint->call.leg;
    char body[DTMF_INFO_MAX];
    if (!queue->count)
        return;
    struct info_digit next = queue->digits[queue->first];
    dtmf_info_write(next.digit, (uint32_t)(next.tone_ns / NS_PER_MS), body);
    if (!leg || !leg->dialog || leg->leaving ||
        !dialog_request(leg->dialog, "INFO", "application/dtmf-relay", body, NULL)) {
        endpoint_worsen(endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_ANSWER, 0, NULL,
                        "the digit %c could not be sent by SIP INFO: the peer does not answer "
                        "those before it",
                        next.digit);
        digits_drop(endpoint);
        return;
    }
    queue->first = (queue->first + 1) % DIGIT_TEXT_MAX;
    queue->count--;
    queue->unanswered++;
    steps_requested(leg);
    int64_t now = clock_now();
    loop_timer_set(endpoint->loop, &queue->timer, now + next.tone_ns + next.gap_ns, next_info,
                   endpoint);
    struct event_digit digit = {.direction = DIRECTION_SEND,
                                .method = DIGIT_INFO,
                                .digit = next.digit,
                                .duration_ns = next.tone_ns};
    endpoint_digit(endpoint, &digit, now);
}

void digits_replied(void *owner, const char *method, int status)
{
    struct leg *leg = owner;
    struct info_queue *queue = &leg->endpoint->call.info;
    if (strcmp(method, "INFO") != 0 || !queue->unanswered)
        return;
    queue->unanswered--;
    if (status >= 300)
        endpoint_worsen(leg->endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_REFUSED,
                        (uint16_t)status, NULL, "the peer refused a digit by SIP INFO with %d",
                        status);
    else if (status == 0)
        endpoint_worsen(leg->endpoint, OUTCOME_COMPLETED_WITH_WARNINGS, FAILURE_NO_ANSWER, 0, NULL,
                        "the peer did not answer a digit by SIP INFO");
}

void digits_request(void *owner, const struct dialog_message *message)
{
    struct leg *leg = owner;
    struct event_digit digit = {.direction = DIRECTION_RECEIVE, .method = DIGIT_INFO};
    int32_t duration_ms;
    if (strcmp(message->method, "INFO") != 0 ||
        !dtmf_info_read(message->type, message->body, message->length, &digit.digit, &duration_ms))
        return;
    digit.duration_ns = duration_ms < 0 ? EVENT_NONE : duration_ms * NS_PER_MS;
    endpoint_digit(leg->endpoint, &digit, clock_now());
}

void digits_drop(struct endpoint *endpoint)
{
    struct info_queue *queue = &endpoint->call.info;
    loop_timer_cancel(&queue->timer);
    queue->count = 0;
}

static const char *send_info(struct endpoint *endpoint, const struct digits *digits)
{
    struct info_queue *queue = &endpoint->call.info;
    size_t length = strlen(digits->text);
    if (queue->count + length > DIGIT_TEXT_MAX)
        return "too many digits wait already";
    if (!queue->digits)
        queue->digits = mem_array(DIGIT_TEXT_MAX, sizeof *queue->digits);
    for (size_t i = 0; i < length; i++)
        queue->digits[(queue->first + queue->count++) % DIGIT_TEXT_MAX] =
            (struct info_digit){.digit = dtmf_digit(dtmf_event(digits->text[i])),
                                .tone_ns = digits->tone_ns,
                                .gap_ns = digits->gap_ns};
    if (!loop_timer_is_set(&queue->timer))
        next_info(endpoint);
    return NULL;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static const char *unfit(const struct digits *digits)
{
    size_t length = strlen(digits->text);
    if (length == 0 || length > DIGIT_TEXT_MAX)
        return "there are 1 to 64 digits to send at a time";
    for (size_t i = 0; i < length; i++)
        if (dtmf_event(digits->text[i]) < 0)
            return "digits are 0 to 9, *, # and A to D";
    if (digits->tone_ns < DIGIT_TONE_MIN_NS || digits->tone_ns > DIGIT_TONE_MAX_NS)
        return "a digit lasts 40 ms to 10 s";
    if (digits->gap_ns > DIGIT_TONE_MAX_NS)
        return "the pause behind a digit is 10 s at most";
    return NULL;
}

static const char *send_media(struct endpoint *endpoint, const struct digits *digits)
{
    const struct call *call = &endpoint->call;
    const struct session_media *media = call->flowing;
    if (!media || !media->codec)
        return "no media runs";
    if (!media->may_send)
        return "nothing may be sent: the call is on hold";
    if (digits->method == DIGIT_RTP && !media->events_payload_type)
        return "telephone-event was not agreed on with the peer";
    for (const char *at = digits->text; digits->method == DIGIT_RTP && *at; at++)
        if (!(media->events >> dtmf_event(*at) & 1))
            return "the peer does not take all of these digits as telephone-event";
    if (!endpoint->media->digits)
        return "no media runs that digits could be sent in";
    return endpoint->media->digits(endpoint->service, endpoint->config.id, media, digits);
}

const char *endpoint_send_digits(struct endpoint *endpoint, const struct digits *digits)
{
    const struct call *call = &endpoint->call;
    struct digits whole = *digits;
    if (!whole.tone_ns)
        whole.tone_ns = DIGIT_TONE_NS;
    if (whole.gap_ns < 0)
        whole.gap_ns = DIGIT_GAP_NS;
    const char *why = unfit(&whole);
    if (why)
        return why;
    if (!call->leg || !call->leg->dialog || !call->answered || call->leg->leaving || call->closing)
        return "there is no call that is up";
    return whole.method == DIGIT_INFO ? send_info(endpoint, &whole) : send_media(endpoint, &whole);
}
