#include "html/detail.h"

#include <math.h>
#include <stdio.h>
#include "step_words.h"

static void add_message(const struct result_message_facts *message, struct text *out)
{
    text_printf(out, "\"message\",%d,", message->sent);
    html_json(out, message->method);
    text_printf(out, ",%u,", message->status);
    html_json(out, message->reason);
    text_printf(out, ",%u,%d,", message->cseq, message->repeated);
    html_json(out, message->route->remote);
    text_add(out, ",");
    html_json(out, message->route->transport);
}

static void add_action(const struct result *result, uint32_t group,
                       const struct event_action *action, struct text *out)
{
    const struct roster_group *own = &result->roster->groups[group];
    struct text title = {0};
    if (action->step < own->step_count)
        step_title(&own->steps[action->step], action->step, &title);
    else
        text_add(&title, action->action);
    text_add(out, "\"action\",");
    html_json(out, text_get(&title));
    text_printf(out, ",\"%s\",", action_result_name(action->result));
    html_json(out, action->trigger);
    text_add(out, ",");
    html_json(out, action->expected);
    text_add(out, ",");
    html_json(out, action->observed);
    text_add(out, ",");
    html_json(out, action->detail);
    text_fini(&title);
}

static void add_registration(const struct event_registration *event, struct text *out)
{
    text_printf(out, "\"registration\",%d,%u,", event->ok, event->status);
    html_json(out, event->reason);
}

static void add_moment(const struct result *result, uint32_t endpoint,
                       const struct result_moment *moment, struct text *out)
{
    const struct result_endpoint *own = &result->endpoints[endpoint];
    uint32_t group = result->roster->endpoints[endpoint].group;
    text_add(out, "\n[");
    html_scaled(out, (double)(moment->at_ns - result->started_ns) / 1e6, 1);
    text_add(out, ",");
    if (moment->kind == EVENT_PHASE)
        text_printf(out, "\"phase\",\"%s\"", phase_name(moment->phase));
    else if (moment->kind == EVENT_MESSAGE)
        add_message(moment->message, out);
    else if (moment->kind == EVENT_ACTION)
        add_action(result, group, moment->action, out);
    else if (moment->kind == EVENT_REGISTRATION)
        add_registration(&own->registration, out);
    else if (moment->kind == EVENT_DIGIT) {
        text_printf(out, "\"digit\",%d,\"%s\",", moment->digit->direction == DIRECTION_SEND,
                    digit_method_name(moment->digit->method));
        html_json_bytes(out, &moment->digit->digit, 1);
    } else if (moment->kind == EVENT_MEDIA) {
        text_add(out, "\"media\",");
        html_json(out, own->media.codec);
    } else if (moment->kind == EVENT_CALL)
        text_printf(out, "\"call\",\"%s\"", call_result_name(own->call.result));
    else if (moment->kind == EVENT_OUTCOME)
        text_printf(out, "\"outcome\",\"%s\"", outcome_name(own->outcome.outcome));
    else
        text_add(out, "\"recording\"");
    text_add(out, "]");
}

void html_moments(const struct result *result, uint32_t endpoint, struct text *out)
{
    const struct result_endpoint *own = &result->endpoints[endpoint];
    size_t count = own->timeline_count, first = count, last = 0;
    bool any = false;
    if (count > DETAIL_MOMENTS_MAX) {
        first = DETAIL_MOMENTS_MAX * 2 / 3;
        last = DETAIL_MOMENTS_MAX - first;
    }
    unsigned long long left_out = (count - first - last) + own->timeline_dropped;
    text_printf(out, ",\"left\":%llu,\"moments\":[", left_out);
    for (size_t i = 0; i < count; i++) {
        if (i >= first && i < count - last)
            continue;
        html_next(out, &any, ",");
        add_moment(result, endpoint, &own->timeline[i], out);
    }
    text_add(out, "]");
}

void html_messages(const struct result *result, uint32_t endpoint, size_t *room, struct text *out)
{
    const struct result_trace *trace = &result->endpoints[endpoint].trace;
    size_t left_out = trace->left_out;
    bool any = false;
    text_add(out, ",\"messages\":[");
    for (size_t i = 0; i < trace->count; i++) {
        const struct result_message *message = &trace->messages[i];
        left_out += message->missing;
        if (message->length > *room) {
            left_out++;
            continue;
        }
        *room -= message->length;
        html_next(out, &any, ",");
        text_add(out, "\n[");
        html_scaled(out, (double)(message->at_ns - result->started_ns) / 1e6, 1);
        text_printf(out, ",%d,", message->sent);
        html_json(out, message->transport);
        text_add(out, ",");
        html_json(out, message->remote);
        text_add(out, ",");
        html_json_bytes(out, message->bytes ? message->bytes : "", message->length);
        text_printf(out, ",%u]", message->total - message->length);
    }
    text_printf(out, "],\"unkept\":%zu", left_out);
}
