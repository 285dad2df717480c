#include "json_endpoint.h"

#include <math.h>
#include "words.h"

json_t *json_text(const char *bytes)
{
    if (!bytes)
        return json_null();
    struct text clean = {0};
    words_clean(&clean, bytes, CLEAN_JSON);
    json_t *value = json_stringn(text_get(&clean), clean.length);
    text_fini(&clean);
    return value;
}

json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_seconds(int64_t ns)
{
    return ns == EVENT_NONE ? json_null() : json_real((double)ns / 1e9);
}

json_t *json_count(uint64_t count)
{
    return json_integer((json_int_t)count);
}

json_t *json_time(int64_t at_ns)
{
    struct text time = {0};
    words_time(&time, at_ns, 6);
    text_add(&time, "Z");
    json_t *value = json_string(text_get(&time));
    text_fini(&time);
    return value;
}

static void add_status(struct json_out *out, const char *name, uint16_t code)
{
    if (code > 0)
        json_out_number(out, name, code);
    else
        json_out_null(out, name);
}

/* Of what is -1 when it was not stated. */
static void add_or_null(struct json_out *out, const char *name, int32_t number)
{
    if (number < 0)
        json_out_null(out, name);
    else
        json_out_number(out, name, number);
}

static void add_failure(struct json_out *out, enum event_failure failure)
{
    json_out_text(out, "failure", failure == FAILURE_NONE ? NULL : failure_name(failure));
}

static void add_registration(struct json_out *out, const struct event_registration *event)
{
    json_out_open(out, "registration", '{');
    json_out_bool(out, "ok", event->ok);
    add_status(out, "status", event->status);
    json_out_text(out, "reason", event->reason);
    json_out_bool(out, "timed_out", event->timed_out);
    add_or_null(out, "expires", event->expires);
    json_out_seconds(out, "time", event->time_ns);
    json_out_text(out, "server", event->server);
    json_out_words(out, "realm", event->realm);
    add_failure(out, event->failure);
    add_or_null(out, "retry_after", event->retry_after);
    json_out_number(out, "attempts", event->attempts);
    json_out_words(out, "trouble", event->trouble);
    json_out_close(out, '}');
}

static void add_direction(struct json_out *out, const char *name,
                          const struct event_impairment *own)
{
    json_out_open(out, name, '{');
    json_out_number(out, "packets", (int64_t)own->packets);
    json_out_number(out, "lost", (int64_t)own->lost);
    json_out_number(out, "duplicated", (int64_t)own->duplicated);
    json_out_number(out, "reordered", (int64_t)own->reordered);
    json_out_number(out, "overflowed", (int64_t)own->overflowed);
    json_out_number(out, "waiting", (int64_t)own->waiting);
    json_out_seconds(out, "delay_mean", own->delay_mean_ns);
    json_out_seconds(out, "delay_min", own->delay_min_ns);
    json_out_seconds(out, "delay_max", own->delay_max_ns);
    json_out_close(out, '}');
}

/* What was done to its packets on purpose; nothing stands there when nothing was. */
static void add_impaired(struct json_out *out, const struct event_impairment impaired[2])
{
    static const char *const names[] = {"send", "receive"};
    if (!impaired[0].known && !impaired[1].known)
        return;
    json_out_open(out, "impaired", '{');
    for (int i = 0; i < 2; i++)
        if (impaired[i].known)
            add_direction(out, names[i], &impaired[i]);
    json_out_close(out, '}');
}

static void add_srtp(struct json_out *out, const struct event_call *event)
{
    if (!event->secured) {
        json_out_null(out, "srtp");
        return;
    }
    json_out_open(out, "srtp", '{');
    json_out_words(out, "suite", event->suite);
    json_out_number(out, "authentication_failures", (int64_t)event->auth_failures);
    json_out_number(out, "replays", (int64_t)event->replays);
    json_out_number(out, "malformed", (int64_t)event->srtp_malformed);
    json_out_number(out, "handshakes", (int64_t)event->handshakes);
    json_out_seconds(out, "handshake_time", event->handshake_ns);
    json_out_number(out, "rekeyings", (int64_t)event->rekeyings);
    json_out_close(out, '}');
}

static void add_times(struct json_out *out, const struct event_call *event)
{
    json_out_seconds(out, "time_to_trying", event->trying_ns);
    json_out_seconds(out, "time_to_ringing", event->ringing_ns);
    json_out_seconds(out, "post_dial_delay", event->pdd_ns);
    json_out_seconds(out, "call_setup_time", event->setup_ns);
    json_out_seconds(out, "failed_call_time", event->failed_ns);
    json_out_seconds(out, "time_to_early_media", event->early_media_ns);
    json_out_seconds(out, "time_to_first_media", event->first_media_ns);
    json_out_seconds(out, "call_duration", event->duration_ns);
    json_out_seconds(out, "teardown_time", event->teardown_ns);
}

static void add_packets(struct json_out *out, const struct event_call *event)
{
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {{"packets_sent", (int64_t)event->packets_sent},
                  {"packets_received", (int64_t)event->packets_received},
                  {"packets_expected", (int64_t)event->packets_expected},
                  {"packets_lost", (int64_t)event->packets_lost},
                  {"packets_missing", (int64_t)event->packets_missing}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        if (event->media_known)
            json_out_number(out, counts[i].name, counts[i].count);
        else
            json_out_null(out, counts[i].name);
}

static void add_call(struct json_out *out, const struct result *result, uint32_t index)
{
    char name[96];
    const struct event_call *event = &result->endpoints[index].call;
    /* The name of our own for a call, the same on both of its sides. */
    roster_endpoint_name(result->roster, result_call(result, index), name, sizeof(name));
    json_out_open(out, "call", '{');
    json_out_text(out, "id", name);
    json_out_text(out, "result", call_result_name(event->result));
    json_out_bool(out, "counted", event->counted);
    json_out_bool(out, "established", event->established);
    json_out_bool(out, "completed", event->completed);
    add_status(out, "status", event->status);
    json_out_text(out, "reason", event->reason);
    json_out_words(out, "call_id", event->call_id);
    add_times(out, event);
    json_out_number(out, "retransmissions_sent", event->repeats_sent);
    json_out_number(out, "retransmissions_received", event->repeats_received);
    json_out_number(out, "session_refreshes", event->refreshes);
    json_out_number(out, "redirects", event->redirects);
    json_out_number(out, "offers", event->offers);
    add_or_null(out, "retry_after", event->retry_after);
    json_out_words(out, "cause", event->cause);
    add_packets(out, event);
    add_impaired(out, event->impaired);
    add_srtp(out, event);
    json_out_close(out, '}');
}

static void add_recording(struct json_out *out, const struct event_recording *event)
{
    if (!event) {
        json_out_null(out, "recording");
        return;
    }
    json_out_open(out, "recording", '{');
    json_out_words(out, "path", event->path);
    json_out_seconds(out, "duration", event->duration_ns);
    json_out_words(out, "trouble", event->trouble);
    json_out_close(out, '}');
}

static void add_media(struct json_out *out, const struct event_media *event)
{
    json_out_open(out, "media", '{');
    json_out_text(out, "codec", event->codec);
    json_out_number(out, "payload_type", event->payload_type);
    json_out_number(out, "ptime_ms", event->ptime_ms);
    json_out_text(out, "local", event->local);
    json_out_text(out, "remote", event->remote);
    json_out_words(out, "security", event->security);
    json_out_close(out, '}');
}

/* Of what stands in a timeline. */
static const char *event_name(enum event_kind kind)
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
    case EVENT_RECORDING:
        return "recording";
    case EVENT_CALL:
        return "call";
    case EVENT_OUTCOME:
        return "outcome";
    case EVENT_ACTION:
        return "action";
    case EVENT_DIGIT:
        return "digit";
    case EVENT_SECOND:
    case EVENT_TRACE:
    case EVENT_PACING:
    case EVENT_MACHINE:
    case EVENT_HEALTH:
    case EVENT_STOP:
    case EVENT_FIGURE:
    case EVENT_REMOTE:
        break;
    }
    return "unknown";
}

static void add_digit(struct json_out *out, const struct event_digit *digit)
{
    json_out_text(out, "direction", digit->direction == DIRECTION_SEND ? "sent" : "received");
    json_out_text(out, "method", digit_method_name(digit->method));
    json_out_bytes(out, "digit", &digit->digit, 1);
    json_out_seconds(out, "duration", digit->duration_ns);
    json_out_bool(out, "incomplete", digit->incomplete);
}

static void add_time(struct json_out *out, const char *name, int64_t at_ns)
{
    if (at_ns == EVENT_NONE)
        json_out_null(out, name);
    else
        json_out_time(out, name, at_ns);
}

static void add_action(struct json_out *out, const struct event_action *action)
{
    bool begun = action->began_ns != EVENT_NONE;
    json_out_number(out, "step", action->step);
    json_out_number(out, "turn", action->turn);
    json_out_words(out, "name", action->name);
    json_out_text(out, "action", action->action);
    json_out_text(out, "trigger", action->trigger);
    json_out_bool(out, "otherwise", action->otherwise);
    json_out_text(out, "result", action_result_name(action->result));
    add_status(out, "status", action->status);
    add_time(out, "planned", action->planned_ns);
    add_time(out, "began", action->began_ns);
    add_time(out, "ended", action->ended_ns);
    json_out_seconds(out, "late", begun ? action->began_ns - action->planned_ns : EVENT_NONE);
    json_out_seconds(out, "took", begun ? action->ended_ns - action->began_ns : EVENT_NONE);
    json_out_seconds(out, "media_stopped", action->stopped_ns);
    json_out_seconds(out, "media_flowing", action->flowing_ns);
    json_out_words(out, "expected", action->expected);
    json_out_words(out, "observed", action->observed);
    json_out_words(out, "detail", action->detail);
}

static void add_message(struct json_out *out, const struct result_message_facts *message)
{
    json_out_text(out, "direction", message->sent ? "sent" : "received");
    json_out_text(out, "method", message->method);
    add_status(out, "status", message->status);
    json_out_text(out, "reason", message->reason);
    json_out_number(out, "cseq", message->cseq);
    json_out_text(out, "call_id", message->route->call_id);
    json_out_bool(out, "repeated", message->repeated);
    json_out_number(out, "length", message->length);
    json_out_text(out, "transport", message->route->transport);
    json_out_text(out, "local", message->route->local);
    json_out_text(out, "remote", message->route->remote);
}

static void add_moment(struct json_out *out, const struct result_moment *each, int64_t started_ns)
{
    json_out_open(out, NULL, '{');
    json_out_time(out, "at", each->at_ns);
    json_out_ms(out, "at_ms", each->at_ns - started_ns);
    json_out_text(out, "event", event_name(each->kind));
    if (each->kind == EVENT_PHASE)
        json_out_text(out, "phase", phase_name(each->phase));
    else if (each->kind == EVENT_ACTION)
        add_action(out, each->action);
    else if (each->kind == EVENT_DIGIT)
        add_digit(out, each->digit);
    else if (each->kind == EVENT_MESSAGE)
        add_message(out, each->message);
    json_out_close(out, '}');
}

static void add_timeline(struct json_out *out, const struct result_endpoint *endpoint,
                         int64_t started_ns)
{
    json_out_open(out, "timeline", '[');
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        add_moment(out, &endpoint->timeline[i], started_ns);
    json_out_close(out, ']');
    json_out_number(out, "timeline_dropped", (int64_t)endpoint->timeline_dropped);
}

static void add_partner(struct json_out *out, const struct result *result, uint32_t index)
{
    char name[96];
    uint32_t other = result->roster->endpoints[index].partner;
    bool has = other < result->roster->endpoint_count;
    if (has)
        roster_endpoint_name(result->roster, other, name, sizeof(name));
    json_out_text(out, "partner", has ? name : NULL);
}

static void add_evidence(struct json_out *out, const struct evidence_list *list, uint32_t index)
{
    const struct evidence *call = evidence_of(list, index);
    struct text path = {0};
    json_out_open(out, "evidence", '[');
    for (size_t i = 0; call && evidence_path(call, i, &path); i++)
        json_out_text(out, NULL, text_get(&path));
    json_out_close(out, ']');
    text_fini(&path);
}

static void add_outcome(struct json_out *out, const struct result_endpoint *endpoint)
{
    const struct event_outcome *outcome = &endpoint->outcome;
    json_out_text(out, "phase", phase_name(endpoint->phase));
    json_out_text(out, "outcome", outcome_name(outcome->outcome));
    add_failure(out, outcome->failure);
    add_status(out, "status", outcome->status);
    json_out_text(out, "reason", outcome->reason);
    json_out_text(out, "detail", outcome->detail);
}

void json_endpoint(const struct result *result, uint32_t index, const struct evidence_list *list,
                   struct json_out *out)
{
    char name[96];
    const struct roster_endpoint *who = &result->roster->endpoints[index];
    const struct result_endpoint *endpoint = &result->endpoints[index];
    roster_endpoint_name(result->roster, index, name, sizeof(name));
    json_out_open(out, NULL, '{');
    json_out_text(out, "name", name);
    json_out_text(out, "group", result->roster->groups[who->group].name);
    json_out_number(out, "index", who->index);
    json_out_text(out, "role", who->role == ROLE_CALLER ? "caller" : "callee");
    json_out_text(out, "account", who->account);
    add_partner(out, result, index);
    add_outcome(out, endpoint);
    add_evidence(out, list, index);
    if (endpoint->registered_known)
        add_registration(out, &endpoint->registration);
    else
        json_out_null(out, "registration");
    if (endpoint->call_known)
        add_call(out, result, index);
    else
        json_out_null(out, "call");
    if (endpoint->media_known)
        add_media(out, &endpoint->media);
    else
        json_out_null(out, "media");
    add_recording(out, endpoint->recording);
    add_timeline(out, endpoint, result->started_ns);
    json_out_close(out, '}');
}
