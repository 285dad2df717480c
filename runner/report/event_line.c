#include "cmtest/event_line.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_DIGITS 12
#define NS_PER_S 1e9

/* What a network said may be no UTF-8, which jansson refuses. */
static void set_text(json_t *line, const char *key, const char *text)
{
    if (!text || !text[0])
        return;
    json_t *string = json_string(text);
    if (!string) {
        struct text clean = {0};
        for (const char *at = text; *at; at++)
            text_add_bytes(&clean, *at & 0x80 ? "?" : at, 1);
        string = json_string(text_get(&clean));
        text_fini(&clean);
    }
    json_object_set_new(line, key, string);
}

static void set_number(json_t *line, const char *key, uint64_t number)
{
    json_object_set_new(line, key, json_integer((json_int_t)number));
}

/* A status of 0 is none. */
static void set_status(json_t *line, unsigned status)
{
    if (status)
        set_number(line, "status", status);
}

static void set_duration(json_t *line, const char *key, int64_t ns)
{
    if (ns != EVENT_NONE)
        json_object_set_new(line, key, json_real((double)ns / NS_PER_S));
}

/* Milliseconds are what a reader can use, and 13 digits are within a double. */
static json_t *new_line(const char *kind, int64_t at_ns)
{
    json_t *line = json_object();
    json_object_set_new(line, "kind", json_string(kind));
    int64_t at_ms = at_ns / 1000000;
    json_object_set_new(line, "at", json_real((double)at_ms / 1e3));
    return line;
}

/* Consumes line. */
static void add_line(struct text *out, json_t *line)
{
    /* 13 digits for `at`: 10 before the point and 3 behind it. */
    char *bytes = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(NUMBER_DIGITS + 1));
    if (bytes) {
        text_add(out, bytes);
        text_add(out, "\n");
    }
    free(bytes);
    json_decref(line);
}

/* ---- events --------------------------------------------------------------------------------- */

static void take_message(json_t *line, const struct event_message *message)
{
    json_object_set_new(line, "sent", json_boolean(message->sent));
    set_text(line, "method", message->method);
    set_status(line, message->status);
    set_text(line, "reason", message->reason);
}

static void take_registration(json_t *line, const struct event_registration *registration)
{
    json_object_set_new(line, "ok", json_boolean(registration->ok));
    set_status(line, registration->status);
    set_duration(line, "time", registration->time_ns);
    set_text(line, "failure", failure_name(registration->failure));
}

static void take_media(json_t *line, const struct event_media *media)
{
    set_text(line, "codec", media->codec);
    set_text(line, "local", media->local);
    set_text(line, "remote", media->remote);
    set_text(line, "security", media->security);
}

static void take_second(json_t *line, const struct event_second *second)
{
    json_t *readings = json_object();
    set_text(line, "direction", second->direction == DIRECTION_SEND ? "send" : "receive");
    set_number(line, "second", second->second);
    set_duration(line, "length", (int64_t)second->length_ms * 1000000);
    set_text(line, "scale", emodel_scale_name(second->scale));
    for (int i = 0; i < READING_COUNT; i++) {
        double value;
        json_t *number = second_get(second, (enum reading)i, &value) ? json_real(value) : NULL;
        if (number)
            json_object_set_new(readings, reading_name((enum reading)i), number);
    }
    json_object_set_new(line, "readings", readings);
}

static void take_call(json_t *line, const struct event_call *call)
{
    set_text(line, "result", call_result_name(call->result));
    set_status(line, call->status);
    set_text(line, "reason", call->reason);
    set_text(line, "call_id", call->call_id);
    set_duration(line, "pdd", call->pdd_ns);
    set_duration(line, "setup", call->setup_ns);
    set_duration(line, "duration", call->duration_ns);
    if (!call->media_known)
        return;
    set_number(line, "packets_sent", call->packets_sent);
    set_number(line, "packets_received", call->packets_received);
    set_number(line, "packets_missing", call->packets_missing);
}

static void take_action(json_t *line, const struct event_action *action)
{
    set_number(line, "step", action->step + 1);
    set_text(line, "name", action->name);
    set_text(line, "action", action->action);
    set_text(line, "trigger", action->trigger);
    set_text(line, "result", action_result_name(action->result));
    set_status(line, action->status);
    set_text(line, "detail", action->detail);
}

static void take_digit(json_t *line, const struct event_digit *digit)
{
    char word[2] = {digit->digit, '\0'};
    set_text(line, "direction", digit->direction == DIRECTION_SEND ? "send" : "receive");
    set_text(line, "method", digit_method_name(digit->method));
    set_text(line, "digit", word);
    set_duration(line, "duration", digit->duration_ns);
}

static void take_outcome(json_t *line, const struct event_outcome *outcome)
{
    set_text(line, "outcome", outcome_name(outcome->outcome));
    set_text(line, "failure", failure_name(outcome->failure));
    set_status(line, outcome->status);
    set_text(line, "reason", outcome->reason);
    set_text(line, "detail", outcome->detail);
}

/* NULL: this kind has no line. */
static const char *kind_name(enum event_kind kind)
{
    switch (kind) {
    case EVENT_PHASE:
        return "phase";
    case EVENT_MESSAGE:
        return "message";
    case EVENT_REGISTRATION:
        return "registration";
    case EVENT_MEDIA:
        return "media";
    case EVENT_SECOND:
        return "second";
    case EVENT_CALL:
        return "call";
    case EVENT_ACTION:
        return "action";
    case EVENT_DIGIT:
        return "digit";
    case EVENT_OUTCOME:
        return "outcome";
    default:
        return NULL;
    }
}

static void take(json_t *line, const struct event *event)
{
    switch (event->kind) {
    case EVENT_PHASE:
        set_text(line, "phase", phase_name(event->phase));
        break;
    case EVENT_MESSAGE:
        take_message(line, &event->message);
        break;
    case EVENT_REGISTRATION:
        take_registration(line, &event->registration);
        break;
    case EVENT_MEDIA:
        take_media(line, &event->media);
        break;
    case EVENT_SECOND:
        take_second(line, &event->second);
        break;
    case EVENT_CALL:
        take_call(line, &event->call);
        break;
    case EVENT_ACTION:
        take_action(line, &event->action);
        break;
    case EVENT_DIGIT:
        take_digit(line, &event->digit);
        break;
    case EVENT_OUTCOME:
        take_outcome(line, &event->outcome);
        break;
    default:
        break;
    }
}

void event_line(const struct roster *roster, unsigned number, const struct event *event,
                struct text *out)
{
    const char *kind = kind_name(event->kind);
    char name[96];
    if (!kind || event->endpoint >= roster->endpoint_count)
        return;
    json_t *line = new_line(kind, event->at_ns);
    roster_endpoint_name(roster, event->endpoint, name, sizeof name);
    set_number(line, "case", number);
    set_text(line, "endpoint", name);
    take(line, event);
    add_line(out, line);
}

/* ---- what stands around them ---------------------------------------------------------------- */

/* As text, for it may have more bits than a number of JSON. */
static void set_seed(json_t *line, uint64_t seed)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
    set_text(line, "seed", text);
}

void event_line_start(int64_t at_ns, unsigned cases, uint64_t seed, struct text *out)
{
    json_t *line = new_line("start", at_ns);
    set_text(line, "version", CMTEST_VERSION);
    set_number(line, "cases", cases);
    set_seed(line, seed);
    add_line(out, line);
}

static json_t *new_case(const char *kind, int64_t at_ns, const struct event_line_case *one)
{
    json_t *line = new_line(kind, at_ns);
    set_number(line, "case", one->number);
    set_text(line, "name", one->name);
    set_text(line, "spec", one->spec);
    set_text(line, "case_name", one->case_name);
    return line;
}

void event_line_case(int64_t at_ns, const struct event_line_case *one, const struct roster *roster,
                     struct text *out)
{
    json_t *line = new_case("case", at_ns, one);
    set_number(line, "of", one->count);
    set_number(line, "attempt", one->attempt);
    set_text(line, "folder", one->folder);
    set_seed(line, one->seed);
    set_number(line, "endpoints", roster->endpoint_count);
    set_number(line, "calls", roster->planned_calls);
    add_line(out, line);
}

void event_line_verdict(const struct event_line_case *one, const struct result *result,
                        struct text *out)
{
    json_t *line = new_case("verdict", result->ended_ns, one);
    set_number(line, "attempt", one->attempt);
    set_text(line, "verdict", verdict_name(result->verdict));
    json_object_set_new(line, "flaky",
                        json_boolean(result->verdict == VERDICT_PASS && one->attempt > 1));
    set_text(line, "why", result->why);
    add_line(out, line);
}

void event_line_skipped(int64_t at_ns, const struct event_line_case *one, const char *why,
                        struct text *out)
{
    json_t *line = new_case("skipped", at_ns, one);
    set_text(line, "why", why);
    add_line(out, line);
}

void event_line_end(int64_t at_ns, int exit_code, uint64_t lost, struct text *out)
{
    json_t *line = new_line("end", at_ns);
    set_number(line, "exit_code", (uint64_t)exit_code);
    set_number(line, "lost", lost);
    add_line(out, line);
}
