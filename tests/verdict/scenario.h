/*
 * scenario: a run of which some endpoints fail in one way, for tests of the diagnosis. Ten callers
 * call ten agents at one registrar; each starts 100 ms after the one before, and what does not fail
 * is good.
 */
#ifndef CMTEST_SCENARIO_H
#define CMTEST_SCENARIO_H

#include "support/fixture.h"

#define CALLS 10

enum stage { AT_REGISTRATION, AT_CALLER, AT_CALLEE, IN_CALL };
enum which { ALL, ONE, LATER, SCATTERED, GROUP };

struct scenario {
    const char *rule;
    enum stage stage;
    enum which which;
    enum endpoint_outcome outcome;
    enum event_failure failure;
    uint16_t status;
    const char *reason, *detail;
    const char *trouble; /* what the transport said of the registration */
    int retry_after;     /* seconds; 0: not stated */
    enum endpoint_phase reached;
    enum endpoint_outcome peer; /* how the other end of a failed call ended */
    int64_t agents_late_ns;     /* they register so much later than planned */
    uint16_t told;              /* AT_CALLER: the callee refused with this, and did well */
    bool unasked;               /* the registrar of those that do well wanted no password */
    bool callers_dial;          /* AT_CALLEE: their INVITE is sent, but not seen */
    uint32_t heard_s;           /* media of the call: so many seconds, and then 4 of silence */
    void (*roster)(struct fixture *fixture);
    /* Changes an event of an endpoint that fails; false: it is not told at all. */
    bool (*touch)(struct event *event);
    const char *says[4]; /* in the paragraph */
    const char *next;    /* in the next step */
};

static inline bool scenario_hits(enum which which, uint32_t index, uint32_t count)
{
    switch (which) {
    case ALL:
        return true;
    case ONE:
        return index == 3;
    case LATER:
        return index >= count * 6 / 10;
    case SCATTERED:
        return index % 4 == 1;
    case GROUP:
        return index >= count / 2;
    }
    return false;
}

static inline void scenario_tell(struct fixture *f, const struct scenario *scenario,
                                 struct event event)
{
    if (!scenario->touch || scenario->touch(&event))
        fixture_event(f, event);
}

static inline const char *or_empty(const char *string)
{
    return string ? string : "";
}

static inline void scenario_outcome(struct fixture *f, const struct scenario *scenario,
                                    uint32_t who)
{
    struct event event = {.endpoint = who, .kind = EVENT_OUTCOME};
    event.outcome.outcome = scenario->outcome;
    event.outcome.failure = scenario->failure;
    event.outcome.status = scenario->status;
    text_copy(event.outcome.reason, sizeof(event.outcome.reason), or_empty(scenario->reason));
    text_copy(event.outcome.detail, sizeof(event.outcome.detail), or_empty(scenario->detail));
    scenario_tell(f, scenario, event);
}

static inline void scenario_register(struct fixture *f, const struct scenario *scenario,
                                     uint32_t who, bool fails)
{
    f->now_ns = FIXTURE_START + who * 100 * FIXTURE_MS;
    if (who < CALLS)
        f->now_ns += scenario->agents_late_ns;
    fixture_message(f, who, true, "REGISTER", 0, "");
    if (!fails) {
        fixture_registration(f, who, 200, "OK");
        if (scenario->unasked)
            f->result->endpoints[who].registration.realm[0] = '\0';
        fixture_phase(f, who, PHASE_REGISTERED);
        return;
    }
    struct event event = {.endpoint = who, .kind = EVENT_REGISTRATION};
    struct event_registration *registration = &event.registration;
    registration->status = scenario->status;
    registration->timed_out = scenario->failure == FAILURE_NO_ANSWER;
    registration->expires = -1;
    registration->time_ns = EVENT_NONE;
    registration->failure = scenario->failure;
    registration->retry_after = scenario->retry_after ? scenario->retry_after : -1;
    text_copy(registration->reason, sizeof(registration->reason), or_empty(scenario->reason));
    text_copy(registration->server, sizeof(registration->server),
              or_empty(f->groups[f->endpoints[who].group].server));
    text_copy(registration->trouble, sizeof(registration->trouble), or_empty(scenario->trouble));
    scenario_tell(f, scenario, event);
    scenario_outcome(f, scenario, who);
}

static inline void scenario_not_attempted(struct fixture *f, uint32_t who)
{
    struct event event = fixture_call_event(who, 0, "");
    event.call.result = CALL_NOT_ATTEMPTED;
    event.call.counted = f->endpoints[who].role == ROLE_CALLER;
    event.call.call_id[0] = '\0';
    fixture_event(f, event);
}

/* One side of a call that does not come about. */
static inline void scenario_failed_side(struct fixture *f, const struct scenario *scenario,
                                        uint32_t who)
{
    struct event event = fixture_call_event(who, scenario->status, or_empty(scenario->reason));
    event.call.counted = f->endpoints[who].role == ROLE_CALLER;
    event.call.retry_after = scenario->retry_after ? scenario->retry_after : -1;
    if (scenario->stage == AT_CALLER) {
        fixture_message(f, who, true, "INVITE", 0, "");
        fixture_phase(f, who, PHASE_CALLING);
    }
    if (scenario->reached)
        fixture_phase(f, who, scenario->reached);
    scenario_tell(f, scenario, event);
    scenario_outcome(f, scenario, who);
}

static inline void scenario_good_side(struct fixture *f, const struct scenario *scenario,
                                      uint32_t who, bool fails)
{
    struct event call = fixture_call_event(who, 200, "OK");
    struct event media = {.endpoint = who, .kind = EVENT_MEDIA};
    media.media = (struct event_media){"pcma", 8, 20, "127.0.0.1:40000", "127.0.0.1:40002", ""};
    call.call.counted = f->endpoints[who].role == ROLE_CALLER;
    call.call.established = true;
    call.call.completed = call.call.media_known = true;
    call.call.duration_ns = 2 * FIXTURE_S;
    call.call.packets_sent = call.call.packets_received = 100;
    if (call.call.counted)
        fixture_message(f, who, true, "INVITE", 0, "");
    fixture_phase(f, who, PHASE_INCALL);
    if (!fails) {
        fixture_event(f, media);
        fixture_event(f, call);
        fixture_outcome(f, who, OUTCOME_SUCCESS, 0, "", "");
        return;
    }
    scenario_tell(f, scenario, media);
    for (uint32_t i = 0; scenario->heard_s > 0 && i < scenario->heard_s + 4; i++) {
        struct event second = fixture_second_event(who, DIRECTION_RECEIVE, i, 4.41);
        second.second.agreed = true;
        second_set(&second.second, READING_PACKETS, i < scenario->heard_s ? 50 : 0);
        fixture_event(f, second);
    }
    scenario_tell(f, scenario, call);
    scenario_outcome(f, scenario, who);
}

static inline void scenario_call(struct fixture *f, const struct scenario *scenario, uint32_t index)
{
    uint32_t agent = fixture_agent(f, index), caller = fixture_caller(f, index);
    bool fails = scenario->stage != AT_REGISTRATION && scenario_hits(scenario->which, index, CALLS);
    f->now_ns = FIXTURE_START + (30 + index) * 100 * FIXTURE_MS;
    if (fails && (scenario->stage == AT_CALLER || scenario->stage == AT_CALLEE)) {
        uint32_t bad = scenario->stage == AT_CALLER ? caller : agent;
        uint32_t peer = scenario->stage == AT_CALLER ? agent : caller;
        scenario_failed_side(f, scenario, bad);
        if (scenario->callers_dial)
            fixture_message(f, peer, true, "INVITE", 0, "");
        if (scenario->told)
            fixture_event(f, fixture_call_event(peer, scenario->told, ""));
        else
            scenario_not_attempted(f, peer);
        fixture_outcome(f, peer, scenario->peer, scenario->peer ? 404 : 0, "", "");
        return;
    }
    scenario_good_side(f, scenario, agent, false);
    scenario_good_side(f, scenario, caller, fails);
}

/* Ends after the judgement; fixture_fini() is the caller's. */
static inline void scenario_run(struct fixture *f, const struct scenario *scenario)
{
    bool failed[2 * CALLS];
    fixture_init(f, CALLS);
    if (scenario->roster)
        scenario->roster(f);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
    fixture_run(f);
    for (uint32_t i = 0; i < 2 * CALLS; i++) {
        failed[i] =
            scenario->stage == AT_REGISTRATION && scenario_hits(scenario->which, i, 2 * CALLS);
        scenario_register(f, scenario, i, failed[i]);
    }
    for (uint32_t i = 0; i < CALLS; i++) {
        const uint32_t sides[2] = {fixture_agent(f, i), fixture_caller(f, i)};
        if (!failed[sides[0]] && !failed[sides[1]]) {
            scenario_call(f, scenario, i);
            continue;
        }
        for (int side = 0; side < 2; side++) {
            if (failed[sides[side]])
                continue;
            scenario_not_attempted(f, sides[side]);
            fixture_outcome(f, sides[side], OUTCOME_SUCCESS, 0, "", "");
        }
    }
    fixture_judge(f);
}

#endif
