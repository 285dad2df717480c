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

static json_t *status(uint16_t code)
{
    return code > 0 ? json_integer(code) : json_null();
}

/* Of what is -1 when it was not stated. */
static json_t *or_null(int32_t number)
{
    return number < 0 ? json_null() : json_integer(number);
}

static json_t *failure(enum event_failure failure)
{
    return failure == FAILURE_NONE ? json_null() : json_text(failure_name(failure));
}

/* The name of our own for a call, the same on both of its sides. */
static json_t *call_id(const struct result *result, uint32_t index)
{
    char name[96];
    roster_endpoint_name(result->roster, result_call(result, index), name, sizeof(name));
    return json_text(name);
}

static json_t *registration(const struct event_registration *event)
{
    return json_pack("{s:b, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "ok",
                     event->ok, "status", status(event->status), "reason", json_text(event->reason),
                     "timed_out", event->timed_out, "expires", or_null(event->expires), "time",
                     json_seconds(event->time_ns), "server", json_text(event->server), "realm",
                     event->realm[0] ? json_text(event->realm) : json_null(), "failure",
                     failure(event->failure), "retry_after", or_null(event->retry_after),
                     "attempts", json_count(event->attempts), "trouble",
                     event->trouble[0] ? json_text(event->trouble) : json_null());
}

/* What was done to its packets on purpose; nothing stands there when nothing was. */
static void add_impaired(json_t *object, const struct event_impairment impaired[2])
{
    static const char *const names[] = {"send", "receive"};
    json_t *both = json_object();
    for (int i = 0; i < 2; i++) {
        const struct event_impairment *own = &impaired[i];
        if (!own->known)
            continue;
        json_object_set_new(
            both, names[i],
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "packets",
                      json_count(own->packets), "lost", json_count(own->lost), "duplicated",
                      json_count(own->duplicated), "reordered", json_count(own->reordered),
                      "overflowed", json_count(own->overflowed), "waiting",
                      json_count(own->waiting), "delay_mean", json_seconds(own->delay_mean_ns),
                      "delay_min", json_seconds(own->delay_min_ns), "delay_max",
                      json_seconds(own->delay_max_ns)));
    }
    if (json_object_size(both))
        json_object_set(object, "impaired", both);
    json_decref(both);
}

static json_t *srtp(const struct event_call *event)
{
    json_t *object = json_object();
    json_object_set_new(object, "suite", event->suite[0] ? json_text(event->suite) : json_null());
    json_object_set_new(object, "authentication_failures", json_count(event->auth_failures));
    json_object_set_new(object, "replays", json_count(event->replays));
    json_object_set_new(object, "malformed", json_count(event->srtp_malformed));
    json_object_set_new(object, "handshakes", json_count(event->handshakes));
    json_object_set_new(object, "handshake_time", json_seconds(event->handshake_ns));
    json_object_set_new(object, "rekeyings", json_count(event->rekeyings));
    return object;
}

static json_t *call(const struct result *result, uint32_t index)
{
    const struct event_call *event = &result->endpoints[index].call;
    bool media = event->media_known;
    json_t *object =
        json_pack("{s:o, s:s, s:b, s:b, s:b, s:o, s:o, s:o}", "id", call_id(result, index),
                  "result", call_result_name(event->result), "counted", event->counted,
                  "established", event->established, "completed", event->completed, "status",
                  status(event->status), "reason", json_text(event->reason), "call_id",
                  event->call_id[0] ? json_text(event->call_id) : json_null());
    const struct {
        const char *name;
        int64_t ns;
    } times[] = {{"time_to_trying", event->trying_ns},
                 {"time_to_ringing", event->ringing_ns},
                 {"post_dial_delay", event->pdd_ns},
                 {"call_setup_time", event->setup_ns},
                 {"failed_call_time", event->failed_ns},
                 {"time_to_early_media", event->early_media_ns},
                 {"time_to_first_media", event->first_media_ns},
                 {"call_duration", event->duration_ns},
                 {"teardown_time", event->teardown_ns}};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        json_object_set_new(object, times[i].name, json_seconds(times[i].ns));
    const struct {
        const char *name;
        uint32_t count;
    } counts[] = {{"retransmissions_sent", event->repeats_sent},
                  {"retransmissions_received", event->repeats_received},
                  {"session_refreshes", event->refreshes},
                  {"redirects", event->redirects},
                  {"offers", event->offers}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        json_object_set_new(object, counts[i].name, json_count(counts[i].count));
    json_object_set_new(object, "retry_after", or_null(event->retry_after));
    json_object_set_new(object, "cause", event->cause[0] ? json_text(event->cause) : json_null());
    json_object_set_new(object, "packets_sent",
                        media ? json_count(event->packets_sent) : json_null());
    json_object_set_new(object, "packets_received",
                        media ? json_count(event->packets_received) : json_null());
    json_object_set_new(object, "packets_expected",
                        media ? json_count(event->packets_expected) : json_null());
    json_object_set_new(object, "packets_lost",
                        media ? json_integer(event->packets_lost) : json_null());
    json_object_set_new(object, "packets_missing",
                        media ? json_count(event->packets_missing) : json_null());
    add_impaired(object, event->impaired);
    json_object_set_new(object, "srtp", event->secured ? srtp(event) : json_null());
    return object;
}

static json_t *recording(const struct event_recording *event)
{
    if (!event)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "path",
                     event->path[0] ? json_text(event->path) : json_null(), "duration",
                     json_seconds(event->duration_ns), "trouble",
                     event->trouble[0] ? json_text(event->trouble) : json_null());
}

static json_t *media(const struct event_media *event)
{
    return json_pack("{s:o, s:i, s:i, s:o, s:o, s:o}", "codec", json_text(event->codec),
                     "payload_type", event->payload_type, "ptime_ms", event->ptime_ms, "local",
                     json_text(event->local), "remote", json_text(event->remote), "security",
                     event->security[0] ? json_text(event->security) : json_null());
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

static void add_digit(json_t *object, const struct event_digit *digit)
{
    bool sent = digit->direction == DIRECTION_SEND;
    json_object_set_new(object, "direction", json_string(sent ? "sent" : "received"));
    json_object_set_new(object, "method", json_string(digit_method_name(digit->method)));
    json_object_set_new(object, "digit", json_stringn(&digit->digit, 1));
    json_object_set_new(object, "duration", json_seconds(digit->duration_ns));
    json_object_set_new(object, "incomplete", json_boolean(digit->incomplete));
}

static json_t *words(const char *text)
{
    return *text ? json_text(text) : json_null();
}

static json_t *time_of(int64_t at_ns)
{
    return at_ns == EVENT_NONE ? json_null() : json_time(at_ns);
}

static void add_action(json_t *object, const struct event_action *action)
{
    bool begun = action->began_ns != EVENT_NONE;
    json_object_set_new(object, "step", json_count(action->step));
    json_object_set_new(object, "turn", json_count(action->turn));
    json_object_set_new(object, "name", words(action->name));
    json_object_set_new(object, "action", json_text(action->action));
    json_object_set_new(object, "trigger", json_text(action->trigger));
    json_object_set_new(object, "otherwise", json_boolean(action->otherwise));
    json_object_set_new(object, "result", json_string(action_result_name(action->result)));
    json_object_set_new(object, "status", status(action->status));
    json_object_set_new(object, "planned", time_of(action->planned_ns));
    json_object_set_new(object, "began", time_of(action->began_ns));
    json_object_set_new(object, "ended", time_of(action->ended_ns));
    json_object_set_new(object, "late",
                        json_seconds(begun ? action->began_ns - action->planned_ns : EVENT_NONE));
    json_object_set_new(object, "took",
                        json_seconds(begun ? action->ended_ns - action->began_ns : EVENT_NONE));
    json_object_set_new(object, "media_stopped", json_seconds(action->stopped_ns));
    json_object_set_new(object, "media_flowing", json_seconds(action->flowing_ns));
    json_object_set_new(object, "expected", words(action->expected));
    json_object_set_new(object, "observed", words(action->observed));
    json_object_set_new(object, "detail", words(action->detail));
}

static json_t *moment(const struct result_moment *each, int64_t started_ns)
{
    json_t *object = json_pack("{s:o, s:o, s:s}", "at", json_time(each->at_ns), "at_ms",
                               json_real((double)(each->at_ns - started_ns) / 1e6), "event",
                               event_name(each->kind));
    if (each->kind == EVENT_PHASE) {
        json_object_set_new(object, "phase", json_string(phase_name(each->phase)));
    } else if (each->kind == EVENT_ACTION) {
        add_action(object, each->action);
    } else if (each->kind == EVENT_DIGIT) {
        add_digit(object, &each->digit);
    } else if (each->kind == EVENT_MESSAGE) {
        const struct result_message_facts *message = &each->message;
        json_object_set_new(object, "direction", json_string(message->sent ? "sent" : "received"));
        json_object_set_new(object, "method", json_text(message->method));
        json_object_set_new(object, "status", status(message->status));
        json_object_set_new(object, "reason", json_text(message->reason));
        json_object_set_new(object, "cseq", json_count(message->cseq));
        json_object_set_new(object, "call_id", json_text(message->call_id));
        json_object_set_new(object, "repeated", json_boolean(message->repeated));
        json_object_set_new(object, "length", json_count(message->length));
        json_object_set_new(object, "transport", json_text(message->transport));
        json_object_set_new(object, "local", json_text(message->local));
        json_object_set_new(object, "remote", json_text(message->remote));
    }
    return object;
}

static json_t *timeline(const struct result_endpoint *endpoint, int64_t started_ns)
{
    json_t *array = json_array();
    for (size_t i = 0; i < endpoint->timeline_count; i++)
        json_array_append_new(array, moment(&endpoint->timeline[i], started_ns));
    return array;
}

static json_t *partner(const struct result *result, uint32_t index)
{
    char name[96];
    uint32_t other = result->roster->endpoints[index].partner;
    if (other >= result->roster->endpoint_count)
        return json_null();
    roster_endpoint_name(result->roster, other, name, sizeof(name));
    return json_text(name);
}

static json_t *evidence(const struct evidence_list *list, uint32_t index)
{
    json_t *array = json_array();
    const struct evidence *call = evidence_of(list, index);
    struct text path = {0};
    for (size_t i = 0; call && evidence_path(call, i, &path); i++)
        json_array_append_new(array, json_text(text_get(&path)));
    text_fini(&path);
    return array;
}

json_t *json_endpoint(const struct result *result, uint32_t index, const struct evidence_list *list)
{
    char name[96];
    const struct roster_endpoint *who = &result->roster->endpoints[index];
    const struct result_endpoint *endpoint = &result->endpoints[index];
    const struct event_outcome *outcome = &endpoint->outcome;
    roster_endpoint_name(result->roster, index, name, sizeof(name));
    json_t *object = json_object();
    json_object_set_new(object, "name", json_text(name));
    json_object_set_new(object, "group", json_text(result->roster->groups[who->group].name));
    json_object_set_new(object, "index", json_count(who->index));
    json_object_set_new(object, "role",
                        json_string(who->role == ROLE_CALLER ? "caller" : "callee"));
    json_object_set_new(object, "account", json_text(who->account));
    json_object_set_new(object, "partner", partner(result, index));
    json_object_set_new(object, "phase", json_string(phase_name(endpoint->phase)));
    json_object_set_new(object, "outcome", json_string(outcome_name(outcome->outcome)));
    json_object_set_new(object, "failure", failure(outcome->failure));
    json_object_set_new(object, "status", status(outcome->status));
    json_object_set_new(object, "reason", json_text(outcome->reason));
    json_object_set_new(object, "detail", json_text(outcome->detail));
    json_object_set_new(object, "evidence", evidence(list, index));
    json_object_set_new(object, "registration",
                        endpoint->registered_known ? registration(&endpoint->registration)
                                                   : json_null());
    json_object_set_new(object, "call", endpoint->call_known ? call(result, index) : json_null());
    json_object_set_new(object, "media",
                        endpoint->media_known ? media(&endpoint->media) : json_null());
    json_object_set_new(object, "recording", recording(endpoint->recording));
    json_object_set_new(object, "timeline", timeline(endpoint, result->started_ns));
    json_object_set_new(object, "timeline_dropped", json_count(endpoint->timeline_dropped));
    return object;
}
