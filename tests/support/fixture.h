/*
 * fixture: a run that never happened, told event by event, for tests of the verdict and of the
 * reports. n callees (group "agents") and n callers (group "callers"); callers[i] calls agents[i].
 */
#ifndef CMTEST_FIXTURE_H
#define CMTEST_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/result.h"
#include "cmtest/text.h"

#define FIXTURE_START INT64_C(1795243245000000000) /* 2026-11-21T06:40:45Z */
#define FIXTURE_MS INT64_C(1000000)
#define FIXTURE_S (1000 * FIXTURE_MS)
#define FIXTURE_SERVER "127.0.0.1:5060/udp"

#define FIXTURE_STEPS 4
static const struct roster_step fixture_steps[FIXTURE_STEPS] = {
    {"hold", "hold", "at 1 s", "status 200, sendonly within 1 s", 12},
    {NULL, "send_dtmf", "after hold", "", 13},
    {"menu", "hangup", "on dtmf_received", "", 14},
    {NULL, "send_info", "on hold_received", "", 15}};

struct fixture {
    struct arena *arena;
    struct roster roster;
    struct roster_group groups[2];
    struct roster_endpoint *endpoints;
    uint32_t calls;
    struct threshold thresholds[16];
    size_t threshold_count;
    struct roster_step steps[FIXTURE_STEPS]; /* of callers, after fixture_scenario() */
    struct result *result;
    event_fn *also; /* NULL, or who else is told every event */
    void *also_to;
    int64_t now_ns;
};

static inline uint32_t fixture_agent(const struct fixture *fixture, uint32_t index)
{
    (void)fixture;
    return index;
}

static inline uint32_t fixture_caller(const struct fixture *fixture, uint32_t index)
{
    return fixture->calls + index;
}

static inline void fixture_init(struct fixture *fixture, uint32_t calls)
{
    *fixture = (struct fixture){.arena = arena_new(), .calls = calls, .now_ns = FIXTURE_START};
    fixture->groups[0] = (struct roster_group){.name = "agents",
                                               .registrar = "pbx",
                                               .server = FIXTURE_SERVER,
                                               .codecs = "pcma, pcmu",
                                               .first = 0,
                                               .count = calls};
    fixture->groups[1] = (struct roster_group){.name = "callers",
                                               .registrar = "pbx",
                                               .server = FIXTURE_SERVER,
                                               .target = "agents",
                                               .codecs = "pcma, pcmu",
                                               .first = calls,
                                               .count = calls};
    fixture->endpoints =
        arena_array(fixture->arena, (size_t)calls * 2, sizeof(*fixture->endpoints));
    for (uint32_t i = 0; i < 2 * calls; i++) {
        bool caller = i >= calls;
        fixture->endpoints[i] = (struct roster_endpoint){
            .group = caller,
            .index = caller ? i - calls : i,
            .partner = caller ? i - calls : i + calls,
            .role = caller ? ROLE_CALLER : ROLE_CALLEE,
            .account = arena_printf(fixture->arena, "sip:%u@example.com", 1001 + i)};
    }
    for (uint32_t i = 0; i < FIXTURE_STEPS; i++)
        fixture->steps[i] = fixture_steps[i];
    fixture->roster = (struct roster){.name = "SBC pre-merge gate",
                                      .spec = "examples/gate.yaml",
                                      .groups = fixture->groups,
                                      .group_count = 2,
                                      .endpoints = fixture->endpoints,
                                      .endpoint_count = 2 * calls,
                                      .planned_calls = calls};
}

static inline void fixture_fini(struct fixture *fixture)
{
    result_free(fixture->result);
    arena_free(fixture->arena);
}

/* Before fixture_run(). Ends the program when the text is wrong: the test is. */
static inline void fixture_threshold(struct fixture *fixture, const char *text)
{
    struct threshold_error error;
    struct threshold *threshold = &fixture->thresholds[fixture->threshold_count];
    if (!threshold_parse(text, fixture->arena, threshold, &error))
        abort();
    threshold->line = 20 + (int)fixture->threshold_count++;
}

static inline void fixture_run(struct fixture *fixture)
{
    fixture->result = result_new(&fixture->roster, fixture->thresholds, fixture->threshold_count,
                                 42, FIXTURE_START);
}

/* Before fixture_run(): callers have the steps above. */
static inline void fixture_scenario(struct fixture *fixture)
{
    fixture->groups[1].steps = fixture->steps;
    fixture->groups[1].step_count = FIXTURE_STEPS;
}

static inline void fixture_event(struct fixture *fixture, struct event event)
{
    event.at_ns = fixture->now_ns;
    result_event(fixture->result, &event);
    if (fixture->also)
        fixture->also(fixture->also_to, &event);
}

static inline void fixture_phase(struct fixture *fixture, uint32_t who, enum endpoint_phase phase)
{
    fixture_event(fixture, (struct event){.endpoint = who, .kind = EVENT_PHASE, .phase = phase});
}

static inline void fixture_message(struct fixture *fixture, uint32_t who, bool sent,
                                   const char *method, uint16_t status, const char *reason)
{
    struct event event = {.endpoint = who, .kind = EVENT_MESSAGE};
    event.message.sent = sent;
    event.message.status = status;
    event.message.cseq = 1;
    text_copy(event.message.method, sizeof(event.message.method), method);
    text_copy(event.message.reason, sizeof(event.message.reason), reason);
    text_copy(event.message.call_id, sizeof(event.message.call_id), "7f3c0de1@example.com");
    fixture_event(fixture, event);
}

/* status 0: nobody answered. */
static inline void fixture_registration(struct fixture *fixture, uint32_t who, uint16_t status,
                                        const char *reason)
{
    struct event event = {.endpoint = who, .kind = EVENT_REGISTRATION};
    event.registration.ok = status >= 200 && status < 300;
    event.registration.status = status;
    event.registration.timed_out = status == 0;
    event.registration.expires = event.registration.ok ? 300 : -1;
    event.registration.retry_after = -1;
    event.registration.time_ns = status ? 12 * FIXTURE_MS : EVENT_NONE;
    text_copy(event.registration.reason, sizeof(event.registration.reason), reason);
    text_copy(event.registration.server, sizeof(event.registration.server),
              fixture->groups[fixture->endpoints[who].group].server);
    if (status)
        text_copy(event.registration.realm, sizeof(event.registration.realm), "example.com");
    fixture_event(fixture, event);
}

static inline void fixture_outcome(struct fixture *fixture, uint32_t who,
                                   enum endpoint_outcome outcome, uint16_t status,
                                   const char *reason, const char *detail)
{
    struct event event = {.endpoint = who, .kind = EVENT_OUTCOME};
    event.outcome.outcome = outcome;
    event.outcome.status = status;
    text_copy(event.outcome.reason, sizeof(event.outcome.reason), reason);
    text_copy(event.outcome.detail, sizeof(event.outcome.detail), detail);
    fixture_event(fixture, event);
}

/* A step of a caller is told of; skipped ones were never begun. observed and detail may be "". */
static inline void fixture_action(struct fixture *fixture, uint32_t who, uint32_t step,
                                  enum action_result result, uint16_t status, const char *observed,
                                  const char *detail)
{
    struct event event = {.endpoint = who, .kind = EVENT_ACTION};
    const struct roster_step *from = &fixture->steps[step];
    bool begun = result != ACTION_SKIPPED;
    event.action = (struct event_action){.step = step, .result = result, .status = status};
    event.action.stopped_ns = event.action.flowing_ns = EVENT_NONE;
    event.action.planned_ns = begun ? fixture->now_ns : EVENT_NONE;
    event.action.began_ns = begun ? fixture->now_ns + FIXTURE_MS : EVENT_NONE;
    event.action.ended_ns = begun ? fixture->now_ns + 3 * FIXTURE_MS : EVENT_NONE;
    text_copy(event.action.name, sizeof(event.action.name), from->name ? from->name : "");
    text_copy(event.action.action, sizeof(event.action.action), from->action);
    text_copy(event.action.trigger, sizeof(event.action.trigger), from->trigger);
    text_copy(event.action.expected, sizeof(event.action.expected), from->expected);
    text_copy(event.action.observed, sizeof(event.action.observed), observed);
    text_copy(event.action.detail, sizeof(event.action.detail), detail);
    fixture_event(fixture, event);
}

static inline struct event fixture_call_event(uint32_t who, uint16_t status, const char *reason)
{
    struct event event = {.endpoint = who, .kind = EVENT_CALL};
    struct event_call *call = &event.call;
    call->status = status;
    call->result = call_result_of(status);
    call->trying_ns = call->ringing_ns = call->pdd_ns = call->setup_ns = EVENT_NONE;
    call->first_media_ns = call->duration_ns = call->teardown_ns = EVENT_NONE;
    call->early_media_ns = call->failed_ns = EVENT_NONE;
    call->retry_after = -1;
    text_copy(call->reason, sizeof(call->reason), reason);
    snprintf(call->call_id, sizeof(call->call_id), "7f3c%04x@example.com", (unsigned)who);
    return event;
}

/* The call event of one side of a call that went well; only the caller has signalling times. */
static inline void fixture_good_call(struct fixture *fixture, uint32_t who, uint64_t packets)
{
    struct event event = fixture_call_event(who, 200, "OK");
    bool caller = fixture->endpoints[who].role == ROLE_CALLER;
    struct event_call *call = &event.call;
    call->counted = caller;
    call->established = call->completed = true;
    if (caller) {
        call->trying_ns = 2 * FIXTURE_MS;
        call->ringing_ns = call->pdd_ns = 15 * FIXTURE_MS;
        call->setup_ns = 1020 * FIXTURE_MS;
        call->teardown_ns = 4 * FIXTURE_MS;
    }
    call->first_media_ns = 21 * FIXTURE_MS;
    call->duration_ns = 2 * FIXTURE_S;
    call->media_known = true;
    call->handshake_ns = EVENT_NONE;
    call->packets_sent = call->packets_received = call->packets_expected = packets;
    fixture_event(fixture, event);
}

static inline struct event fixture_second_event(uint32_t who, enum event_direction direction,
                                                uint32_t second, double mos)
{
    struct event event = {.endpoint = who, .kind = EVENT_SECOND};
    struct event_second *told = &event.second;
    told->direction = direction;
    told->second = second;
    told->length_ms = 1000;
    second_set(told, READING_PACKETS, 50);
    second_set(told, READING_BYTES, 8000);
    second_set(told, READING_LOST, 0);
    second_set(told, READING_EXPECTED, 50);
    second_set(told, READING_PACKET_LOSS, 0);
    second_set(told, READING_JITTER, 0.125);
    second_set(told, READING_R_FACTOR, 93.2);
    second_set(told, READING_MOS, mos);
    return event;
}

/* One call from REGISTER to outcome, both sides; two seconds of media with this MOS. */
static inline void fixture_whole_call(struct fixture *fixture, uint32_t index, double mos)
{
    const uint32_t sides[2] = {fixture_agent(fixture, index), fixture_caller(fixture, index)};
    for (int i = 0; i < 2; i++) {
        fixture_registration(fixture, sides[i], 200, "OK");
        fixture_phase(fixture, sides[i], PHASE_REGISTERED);
    }
    fixture->now_ns += 100 * FIXTURE_MS;
    fixture_message(fixture, sides[1], true, "INVITE", 0, "");
    fixture_phase(fixture, sides[1], PHASE_CALLING);
    fixture_message(fixture, sides[1], false, "INVITE", 200, "OK");
    for (int i = 0; i < 2; i++) {
        struct event media = {.endpoint = sides[i], .kind = EVENT_MEDIA};
        media.media = (struct event_media){"pcma", 8, 20, "127.0.0.1:40000", "127.0.0.1:40002", ""};
        fixture_event(fixture, media);
        fixture_phase(fixture, sides[i], PHASE_INCALL);
    }
    for (uint32_t second = 0; second < 2; second++) {
        fixture->now_ns += FIXTURE_S;
        for (int i = 0; i < 2; i++) {
            fixture_event(fixture, fixture_second_event(sides[i], DIRECTION_SEND, second, 4.41));
            fixture_event(fixture, fixture_second_event(sides[i], DIRECTION_RECEIVE, second, mos));
        }
    }
    struct event recording = {.endpoint = sides[0], .kind = EVENT_RECORDING};
    recording.recording = (struct event_recording){.path = "recordings/agents-0.wav",
                                                   .trouble = "No space left on device",
                                                   .duration_ns = 1900 * FIXTURE_MS};
    fixture_event(fixture, recording);
    for (int i = 0; i < 2; i++) {
        fixture_good_call(fixture, sides[i], 100);
        fixture_outcome(fixture, sides[i], OUTCOME_SUCCESS, 0, "", "");
    }
}

/* A pair whose caller gives the wrong password; its callee waits in vain and ends well. */
static inline void fixture_wrong_password(struct fixture *fixture, uint32_t index)
{
    uint32_t agent = fixture_agent(fixture, index), caller = fixture_caller(fixture, index);
    fixture_registration(fixture, agent, 200, "OK");
    fixture_registration(fixture, caller, 401, "Unauthorized");
    struct event call = fixture_call_event(caller, 0, "");
    call.call.result = CALL_NOT_ATTEMPTED;
    call.call.counted = true;
    call.call.call_id[0] = '\0';
    fixture_event(fixture, call);
    fixture_outcome(fixture, caller, OUTCOME_REGISTRATION_FAILED, 401, "Unauthorized", "");
    fixture_outcome(fixture, agent, OUTCOME_SUCCESS, 0, "", "");
}

/* The INVITE of a pair is refused. */
static inline void fixture_refused_call(struct fixture *fixture, uint32_t index, uint16_t status,
                                        const char *reason, enum endpoint_outcome outcome)
{
    uint32_t agent = fixture_agent(fixture, index), caller = fixture_caller(fixture, index);
    fixture_registration(fixture, agent, 200, "OK");
    fixture_registration(fixture, caller, 200, "OK");
    fixture_message(fixture, caller, true, "INVITE", 0, "");
    fixture_message(fixture, caller, false, "INVITE", status, reason);
    struct event call = fixture_call_event(caller, status, reason);
    call.call.counted = true;
    fixture_event(fixture, call);
    fixture_outcome(fixture, caller, outcome, status, reason, "");
    fixture_outcome(fixture, agent, OUTCOME_SUCCESS, 0, "", "");
}

static inline void fixture_pacing(struct fixture *fixture, uint64_t over_20ms, int64_t p99_ns)
{
    struct event event = {.endpoint = ROSTER_NONE, .kind = EVENT_PACING};
    event.pacing = (struct event_pacing){.packets = 48000,
                                         .over_5ms = over_20ms,
                                         .over_20ms = over_20ms,
                                         .p50_ns = 50000,
                                         .p99_ns = p99_ns,
                                         .max_ns = 10 * p99_ns};
    fixture_event(fixture, event);
}

static inline void fixture_judge(struct fixture *fixture)
{
    result_judge(fixture->result, FIXTURE_START + 74 * FIXTURE_S);
}

#endif
