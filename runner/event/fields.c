#include "cmtest/event_fields.h"

#include <stddef.h>

/* The names of enumerations, as functions of a number. */
#define WORDS(type, name)                          \
    static const char *word_##type(unsigned value) \
    {                                              \
        return name((enum type)value);             \
    }
WORDS(endpoint_phase, phase_name)
WORDS(endpoint_outcome, outcome_name)
WORDS(call_result, call_result_name)
WORDS(action_result, action_result_name)
WORDS(digit_method, digit_method_name)
WORDS(event_failure, failure_name)
WORDS(machine_resource, machine_resource_name)
WORDS(thread_policy, thread_policy_name)

static const char *word_event_direction(unsigned value)
{
    return value == DIRECTION_SEND ? "send" : "receive";
}

#define SIZE(path) sizeof(((struct event *)0)->path)
#define NAMED(name, path, type)                                          \
    {                                                                    \
        name, type, offsetof(struct event, path), SIZE(path), 0, 0, NULL \
    }
#define CHOICE(name, path, words, last)                                                      \
    {                                                                                        \
        name, FIELD_ENUM, offsetof(struct event, path), SIZE(path), 0, (unsigned)(last) + 1, \
            word_##words                                                                     \
    }
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct event_field phase_fields[] = {
    CHOICE("phase", phase, endpoint_phase, PHASE_CLOSED),
};

static const struct event_field message_fields[] = {
    NAMED("sent", message.sent, FIELD_BOOL),
    NAMED("repeated", message.repeated, FIELD_BOOL),
    NAMED("status", message.status, FIELD_U16),
    NAMED("cseq", message.cseq, FIELD_U32),
    NAMED("length", message.length, FIELD_U32),
    NAMED("method", message.method, FIELD_TEXT),
    NAMED("reason", message.reason, FIELD_TEXT),
    NAMED("call_id", message.call_id, FIELD_TEXT),
    NAMED("transport", message.transport, FIELD_TEXT),
    NAMED("local", message.local, FIELD_TEXT),
    NAMED("remote", message.remote, FIELD_TEXT),
};

static const struct event_field registration_fields[] = {
    NAMED("ok", registration.ok, FIELD_BOOL),
    NAMED("status", registration.status, FIELD_U16),
    NAMED("timed_out", registration.timed_out, FIELD_BOOL),
    NAMED("expires", registration.expires, FIELD_I32),
    NAMED("time_ns", registration.time_ns, FIELD_NS),
    CHOICE("failure", registration.failure, event_failure, FAILURE_CUT_OFF),
    NAMED("retry_after", registration.retry_after, FIELD_I32),
    NAMED("attempts", registration.attempts, FIELD_U32),
    NAMED("reason", registration.reason, FIELD_TEXT),
    NAMED("server", registration.server, FIELD_TEXT),
    NAMED("realm", registration.realm, FIELD_TEXT),
    NAMED("trouble", registration.trouble, FIELD_TEXT),
};

static const struct event_field media_fields[] = {
    NAMED("codec", media.codec, FIELD_TEXT),
    NAMED("payload_type", media.payload_type, FIELD_U8),
    NAMED("ptime_ms", media.ptime_ms, FIELD_U16),
    NAMED("local", media.local, FIELD_TEXT),
    NAMED("remote", media.remote, FIELD_TEXT),
    NAMED("security", media.security, FIELD_TEXT),
};

static const struct event_field recording_fields[] = {
    NAMED("path", recording.path, FIELD_TEXT),
    NAMED("trouble", recording.trouble, FIELD_TEXT),
    NAMED("duration_ns", recording.duration_ns, FIELD_NS),
};

static const struct event_field call_fields[] = {
    CHOICE("result", call.result, call_result, CALL_ERROR),
    NAMED("counted", call.counted, FIELD_BOOL),
    NAMED("established", call.established, FIELD_BOOL),
    NAMED("completed", call.completed, FIELD_BOOL),
    NAMED("status", call.status, FIELD_U16),
    NAMED("trying_ns", call.trying_ns, FIELD_NS),
    NAMED("ringing_ns", call.ringing_ns, FIELD_NS),
    NAMED("pdd_ns", call.pdd_ns, FIELD_NS),
    NAMED("setup_ns", call.setup_ns, FIELD_NS),
    NAMED("first_media_ns", call.first_media_ns, FIELD_NS),
    NAMED("duration_ns", call.duration_ns, FIELD_NS),
    NAMED("teardown_ns", call.teardown_ns, FIELD_NS),
    NAMED("early_media_ns", call.early_media_ns, FIELD_NS),
    NAMED("failed_ns", call.failed_ns, FIELD_NS),
    NAMED("repeats_sent", call.repeats_sent, FIELD_U32),
    NAMED("repeats_received", call.repeats_received, FIELD_U32),
    NAMED("refreshes", call.refreshes, FIELD_U32),
    NAMED("redirects", call.redirects, FIELD_U32),
    NAMED("offers", call.offers, FIELD_U32),
    NAMED("retry_after", call.retry_after, FIELD_I32),
    NAMED("cause", call.cause, FIELD_TEXT),
    NAMED("packets_sent", call.packets_sent, FIELD_U64),
    NAMED("packets_received", call.packets_received, FIELD_U64),
    NAMED("packets_lost", call.packets_lost, FIELD_I64),
    NAMED("packets_expected", call.packets_expected, FIELD_U64),
    NAMED("media_known", call.media_known, FIELD_BOOL),
    NAMED("impaired.send.known", call.impaired[0].known, FIELD_BOOL),
    NAMED("impaired.send.packets", call.impaired[0].packets, FIELD_U64),
    NAMED("impaired.send.lost", call.impaired[0].lost, FIELD_U64),
    NAMED("impaired.send.reordered", call.impaired[0].reordered, FIELD_U64),
    NAMED("impaired.send.duplicated", call.impaired[0].duplicated, FIELD_U64),
    NAMED("impaired.send.overflowed", call.impaired[0].overflowed, FIELD_U64),
    NAMED("impaired.send.waiting", call.impaired[0].waiting, FIELD_U64),
    NAMED("impaired.send.delay_mean_ns", call.impaired[0].delay_mean_ns, FIELD_NS),
    NAMED("impaired.send.delay_min_ns", call.impaired[0].delay_min_ns, FIELD_NS),
    NAMED("impaired.send.delay_max_ns", call.impaired[0].delay_max_ns, FIELD_NS),
    NAMED("impaired.receive.known", call.impaired[1].known, FIELD_BOOL),
    NAMED("impaired.receive.packets", call.impaired[1].packets, FIELD_U64),
    NAMED("impaired.receive.lost", call.impaired[1].lost, FIELD_U64),
    NAMED("impaired.receive.reordered", call.impaired[1].reordered, FIELD_U64),
    NAMED("impaired.receive.duplicated", call.impaired[1].duplicated, FIELD_U64),
    NAMED("impaired.receive.overflowed", call.impaired[1].overflowed, FIELD_U64),
    NAMED("impaired.receive.waiting", call.impaired[1].waiting, FIELD_U64),
    NAMED("impaired.receive.delay_mean_ns", call.impaired[1].delay_mean_ns, FIELD_NS),
    NAMED("impaired.receive.delay_min_ns", call.impaired[1].delay_min_ns, FIELD_NS),
    NAMED("impaired.receive.delay_max_ns", call.impaired[1].delay_max_ns, FIELD_NS),
    NAMED("secured", call.secured, FIELD_BOOL),
    NAMED("suite", call.suite, FIELD_TEXT),
    NAMED("auth_failures", call.auth_failures, FIELD_U64),
    NAMED("replays", call.replays, FIELD_U64),
    NAMED("srtp_malformed", call.srtp_malformed, FIELD_U64),
    NAMED("handshakes", call.handshakes, FIELD_U32),
    NAMED("rekeyings", call.rekeyings, FIELD_U32),
    NAMED("handshake_ns", call.handshake_ns, FIELD_NS),
    NAMED("packets_missing", call.packets_missing, FIELD_U64),
    NAMED("reason", call.reason, FIELD_TEXT),
    NAMED("call_id", call.call_id, FIELD_TEXT),
};

static const struct event_field action_fields[] = {
    NAMED("step", action.step, FIELD_U32),
    NAMED("turn", action.turn, FIELD_U32),
    NAMED("otherwise", action.otherwise, FIELD_BOOL),
    NAMED("name", action.name, FIELD_TEXT),
    NAMED("action", action.action, FIELD_TEXT),
    NAMED("trigger", action.trigger, FIELD_TEXT),
    CHOICE("result", action.result, action_result, ACTION_SKIPPED),
    NAMED("status", action.status, FIELD_U16),
    NAMED("planned_ns", action.planned_ns, FIELD_NS),
    NAMED("began_ns", action.began_ns, FIELD_NS),
    NAMED("ended_ns", action.ended_ns, FIELD_NS),
    NAMED("stopped_ns", action.stopped_ns, FIELD_NS),
    NAMED("flowing_ns", action.flowing_ns, FIELD_NS),
    NAMED("expected", action.expected, FIELD_TEXT),
    NAMED("observed", action.observed, FIELD_TEXT),
    NAMED("detail", action.detail, FIELD_TEXT),
};

static const struct event_field digit_fields[] = {
    CHOICE("direction", digit.direction, event_direction, DIRECTION_RECEIVE),
    CHOICE("method", digit.method, digit_method, DIGIT_METHODS - 1),
    NAMED("digit", digit.digit, FIELD_CHAR),
    NAMED("incomplete", digit.incomplete, FIELD_BOOL),
    NAMED("duration_ns", digit.duration_ns, FIELD_NS),
};

static const struct event_field trace_fields[] = {
    NAMED("message", trace.message, FIELD_U32),
    NAMED("dropped", trace.dropped, FIELD_U32),
    NAMED("sent", trace.sent, FIELD_BOOL),
    NAMED("transport", trace.transport, FIELD_TEXT),
    NAMED("local", trace.local, FIELD_TEXT),
    NAMED("remote", trace.remote, FIELD_TEXT),
    NAMED("offset", trace.offset, FIELD_U32),
    NAMED("total", trace.total, FIELD_U32),
    {"bytes", FIELD_BYTES, offsetof(struct event, trace.bytes), EVENT_TRACE_BYTES,
     offsetof(struct event, trace.length), 0, NULL},
};

static const struct event_field outcome_fields[] = {
    CHOICE("outcome", outcome.outcome, endpoint_outcome, OUTCOME_TEARDOWN_ERROR),
    CHOICE("failure", outcome.failure, event_failure, FAILURE_CUT_OFF),
    NAMED("status", outcome.status, FIELD_U16),
    NAMED("reason", outcome.reason, FIELD_TEXT),
    NAMED("detail", outcome.detail, FIELD_TEXT),
    NAMED("steps.begun", outcome.steps.begun, FIELD_U32),
    NAMED("steps.done", outcome.steps.done, FIELD_U32),
    NAMED("steps.failed", outcome.steps.failed, FIELD_U32),
    NAMED("steps.skipped", outcome.steps.skipped, FIELD_U32),
};

static const struct event_field pacing_fields[] = {
    NAMED("packets", pacing.packets, FIELD_U64),   NAMED("skipped", pacing.skipped, FIELD_U64),
    NAMED("over_5ms", pacing.over_5ms, FIELD_U64), NAMED("over_20ms", pacing.over_20ms, FIELD_U64),
    NAMED("p50_ns", pacing.p50_ns, FIELD_NS),      NAMED("p99_ns", pacing.p99_ns, FIELD_NS),
    NAMED("max_ns", pacing.max_ns, FIELD_NS),
};

static const struct event_field machine_fields[] = {
    NAMED("cpus", machine.cpus, FIELD_REAL),
    NAMED("descriptors", machine.descriptors, FIELD_U64),
    NAMED("memory", machine.memory, FIELD_U64),
    NAMED("queue_most", machine.queue_most, FIELD_U64),
    NAMED("pair_ns", machine.pair_ns, FIELD_NS),
    NAMED("sleep_p99_ns", machine.sleep_p99_ns, FIELD_NS),
    NAMED("sleeps", machine.sleeps, FIELD_U32),
    NAMED("cpu_share", machine.cpu_share, FIELD_REAL),
    NAMED("endpoints", machine.endpoints, FIELD_U32),
    NAMED("media_cores", machine.media_cores, FIELD_REAL),
    CHOICE("refused", machine.refused, machine_resource, MACHINE_THREADS),
    NAMED("need", machine.need, FIELD_REAL),
    NAMED("have", machine.have, FIELD_REAL),
    NAMED("fits", machine.fits, FIELD_U32),
};

static const struct event_field health_fields[] = {
    NAMED("thread", health.thread, FIELD_TEXT),
    NAMED("worker", health.worker, FIELD_U32),
    CHOICE("policy", health.policy, thread_policy, POLICY_REAL_TIME),
    NAMED("pinned", health.pinned, FIELD_U32),
    NAMED("length_ns", health.length_ns, FIELD_NS),
    NAMED("cpu_ns", health.cpu_ns, FIELD_NS),
    NAMED("waited_ns", health.waited_ns, FIELD_NS),
    NAMED("process_ns", health.process_ns, FIELD_NS),
    NAMED("turns", health.turns, FIELD_U32),
    NAMED("late", health.late, FIELD_U32),
    NAMED("lag_p99_ns", health.lag_p99_ns, FIELD_NS),
    NAMED("lag_max_ns", health.lag_max_ns, FIELD_NS),
    NAMED("asked", health.asked, FIELD_U64),
    NAMED("done", health.done, FIELD_U64),
    NAMED("received", health.received, FIELD_U64),
    NAMED("dropped", health.dropped, FIELD_U64),
    NAMED("queue", health.queue, FIELD_U64),
    NAMED("backlog", health.backlog, FIELD_U32),
    NAMED("refused.full", health.refused[REFUSAL_FULL], FIELD_U64),
    NAMED("refused.memory", health.refused[REFUSAL_MEMORY], FIELD_U64),
    NAMED("refused.descriptors", health.refused[REFUSAL_DESCRIPTORS], FIELD_U64),
    NAMED("refused.ports", health.refused[REFUSAL_PORTS], FIELD_U64),
    NAMED("refused.path", health.refused[REFUSAL_PATH], FIELD_U64),
    NAMED("refused.other", health.refused[REFUSAL_OTHER], FIELD_U64),
};

static const struct event_field stop_fields[] = {
    NAMED("threshold", stop.threshold, FIELD_U32),
};

static const struct event_field figure_fields[] = {
    NAMED("metric", figure.metric, FIELD_TEXT), NAMED("direction", figure.direction, FIELD_TEXT),
    NAMED("group", figure.group, FIELD_TEXT),   NAMED("statistic", figure.statistic, FIELD_TEXT),
    NAMED("value", figure.value, FIELD_REAL),   NAMED("samples", figure.samples, FIELD_U64),
};

static const struct event_field remote_fields[] = {
    NAMED("project", remote.project, FIELD_TEXT), NAMED("test", remote.test, FIELD_TEXT),
    NAMED("run", remote.run, FIELD_TEXT),         NAMED("status", remote.status, FIELD_TEXT),
    NAMED("link", remote.link, FIELD_TEXT),       NAMED("partial", remote.partial, FIELD_BOOL),
};

#define KIND_OF(kind)                                 \
    {                                                 \
#kind, kind##_fields, COUNT_OF(kind##_fields) \
    }

/* By enum event_kind. */
static const struct {
    const char *name;
    const struct event_field *fields;
    size_t count;
} kinds[EVENT_KINDS] = {
    [EVENT_PHASE] = KIND_OF(phase),
    [EVENT_MESSAGE] = KIND_OF(message),
    [EVENT_REGISTRATION] = KIND_OF(registration),
    [EVENT_MEDIA] = KIND_OF(media),
    [EVENT_SECOND] = {"second", NULL, 0},
    [EVENT_RECORDING] = KIND_OF(recording),
    [EVENT_CALL] = KIND_OF(call),
    [EVENT_ACTION] = KIND_OF(action),
    [EVENT_DIGIT] = KIND_OF(digit),
    [EVENT_TRACE] = KIND_OF(trace),
    [EVENT_OUTCOME] = KIND_OF(outcome),
    [EVENT_PACING] = KIND_OF(pacing),
    [EVENT_MACHINE] = KIND_OF(machine),
    [EVENT_HEALTH] = KIND_OF(health),
    [EVENT_STOP] = KIND_OF(stop),
    [EVENT_FIGURE] = KIND_OF(figure),
    [EVENT_REMOTE] = KIND_OF(remote),
};

const struct event_field *event_fields(enum event_kind kind, size_t *count)
{
    *count = kinds[kind].count;
    return kinds[kind].fields;
}

const char *event_kind_name(enum event_kind kind)
{
    return kinds[kind].name;
}
