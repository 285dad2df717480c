/* Scenarios under a clock of the test's own: a minute takes no time. */
#include "support/specification.h"
#include "cmtest/player.h"
#include "cmtest/random.h"
#include "cmtest/text.h"

#include <stdio.h>
#include <string.h>

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

/* A phone that only takes notes, and whose tests say what comes of what it was asked for. */
struct phone {
    struct player *player;
    int64_t now;
    char asked[2048]; /* "2000:offer(sendonly) ..." */
    char told[4096];  /* "2000:hold done, ..." */
    uint32_t ticket;  /* of what was asked last */
    const char *refuses;
    bool at_once; /* all is done inside of the asking */
    struct event_action last;
};

static void note(struct phone *phone, const char *what, const char *detail)
{
    size_t length = strlen(phone->asked);
    snprintf(phone->asked + length, sizeof phone->asked - length, "%s%lld:%s(%s)",
             length ? " " : "", (long long)(phone->now / MS), what, detail ? detail : "");
}

static const char *asked(struct phone *phone, uint32_t ticket)
{
    phone->ticket = ticket;
    if (phone->refuses)
        return phone->refuses;
    if (phone->at_once)
        player_done(phone->player, phone->now, ticket, &(struct report){.ok = true, .status = 200});
    return NULL;
}

static const char *offer(void *who, uint32_t ticket, const struct proposal *change)
{
    char text[200];
    snprintf(text, sizeof text, "%s%s%s%s%s%s", change->direction ? change->direction : "as is",
             change->zero ? " zero" : "", change->rekey ? " rekey" : "",
             change->update ? " update" : "", change->codec_count ? " " : "",
             change->codec_count ? change->codecs[change->codec_count - 1] : "");
    note(who, "offer", text);
    return asked(who, ticket);
}

static const char *request(void *who, uint32_t ticket, const char *method, const char *type,
                           const char *body)
{
    char text[200];
    snprintf(text, sizeof text, "%s %s %s", method, type ? type : "-", body ? body : "-");
    note(who, "request", text);
    return asked(who, ticket);
}

static const char *digits(void *who, uint32_t ticket, const struct order *order)
{
    char text[200];
    snprintf(text, sizeof text, "%s %s %lld %lld", order->method, order->digits,
             (long long)order->tone_ns, (long long)order->gap_ns);
    note(who, "digits", text);
    return asked(who, ticket);
}

static const char *refresh_session(void *who, uint32_t ticket, const char *method)
{
    note(who, "refresh", method);
    return asked(who, ticket);
}

static const char *reregister(void *who, uint32_t ticket)
{
    note(who, "register", NULL);
    return asked(who, ticket);
}

static const char *deregister(void *who, uint32_t ticket)
{
    note(who, "unregister", NULL);
    return asked(who, ticket);
}

static const char *answer(void *who, uint32_t ticket)
{
    note(who, "answer", NULL);
    return asked(who, ticket);
}

static const char *refuse(void *who, uint32_t ticket, const struct refusal *refusal)
{
    char text[200];
    snprintf(text, sizeof text, "%u %s %s", refusal->status,
             refusal->phrase ? refusal->phrase : "-", refusal->target ? refusal->target : "-");
    note(who, "refuse", text);
    return asked(who, ticket);
}

static const char *transfer(void *who, uint32_t ticket, const char *to, bool attended)
{
    char text[200];
    snprintf(text, sizeof text, "%s%s", to, attended ? " attended" : "");
    note(who, "transfer", text);
    return asked(who, ticket);
}

static const char *send_signal(void *who, uint32_t ticket, const char *name, const char *group)
{
    char text[200];
    snprintf(text, sizeof text, "%s to %s", name, group ? group : "partner");
    note(who, "signal", text);
    return asked(who, ticket);
}

static const char *run(void *who, uint32_t ticket, const struct user_command *command)
{
    char text[200];
    snprintf(text, sizeof text, "%s %lld", command->command, (long long)(command->timeout_ns / MS));
    note(who, "run", text);
    return asked(who, ticket);
}

static const char *hang_up(void *who, uint32_t ticket, const char *reason)
{
    note(who, "hangup", reason);
    return asked(who, ticket);
}

static const struct performer performer = {.offer = offer,
                                           .request = request,
                                           .digits = digits,
                                           .refresh_session = refresh_session,
                                           .reregister = reregister,
                                           .deregister = deregister,
                                           .answer = answer,
                                           .refuse = refuse,
                                           .transfer = transfer,
                                           .signal = send_signal,
                                           .run = run,
                                           .hang_up = hang_up};

static void tell(void *who, const struct event_action *action)
{
    struct phone *phone = who;
    size_t length = strlen(phone->told);
    snprintf(phone->told + length, sizeof phone->told - length, "%s%lld:%s %s", length ? " " : "",
             (long long)(phone->now / MS), action->action, action_result_name(action->result));
    phone->last = *action;
}

static void open(struct phone *phone, const struct step *steps, size_t count, struct script *script)
{
    *phone = (struct phone){0};
    *script = (struct script){steps, count};
    phone->player = player_new(script, &performer, phone, tell);
}

static void happens(struct phone *phone, int64_t at, enum occurrence_kind kind, char digit)
{
    while (player_next(phone->player) <= at) {
        if (player_next(phone->player) > phone->now)
            phone->now = player_next(phone->player);
        player_tick(phone->player, phone->now);
    }
    phone->now = at;
    if (kind < OCCURRED_NEVER)
        player_occurred(phone->player, at, at, &(struct occurrence){.kind = kind, .digit = digit});
}

static void until(struct phone *phone, int64_t at)
{
    happens(phone, at, OCCURRED_NEVER, 0);
}

static void done(struct phone *phone, uint16_t status)
{
    player_done(phone->player, phone->now, phone->ticket,
                &(struct report){.ok = status < 300, .status = status});
}

#define OPEN(...)                        \
    struct step steps[] = {__VA_ARGS__}; \
    struct script script;                \
    struct phone phone;                  \
    open(&phone, steps, sizeof steps / sizeof steps[0], &script)

static struct step at(int64_t ns, const char *action)
{
    return (struct step){
        .when = STEP_AT, .from = OCCURRED_ANSWERED, .at_ns = ns, .action = action_find(action)};
}

static struct step on(const char *trigger, const char *action)
{
    return (struct step){
        .when = STEP_ON, .times = 1, .on = trigger_find(trigger), .action = action_find(action)};
}

static struct step with(struct step step, const struct step_argument *arguments, size_t count)
{
    step.arguments = arguments;
    step.argument_count = count;
    return step;
}

#define WITH(step, ...)                                     \
    with(step, (const struct step_argument[]){__VA_ARGS__}, \
         sizeof((const struct step_argument[]){__VA_ARGS__}) / sizeof(struct step_argument))

static void steps_are_begun_at_their_time_after_the_answer(void **state)
{
    (void)state;
    OPEN(at(5 * S, "resume"), at(2 * S, "hold"), at(60 * S, "hangup"));
    phone.at_once = true;
    happens(&phone, 100 * S, OCCURRED_ANSWERED, 0);
    until(&phone, 200 * S);
    assert_string_equal(phone.asked,
                        "102000:offer(sendonly) 105000:offer(sendrecv) 160000:hangup()");
    assert_string_equal(phone.told, "102000:hold done 105000:resume done 160000:hangup done");
    assert_int_equal(player_next(phone.player), PLAYER_NEVER);
    player_free(phone.player);
}

static void a_step_that_is_served_late_tells_its_planned_and_its_real_time(void **state)
{
    (void)state;
    OPEN(at(2 * S, "options"));
    happens(&phone, S, OCCURRED_ANSWERED, 0);
    assert_int_equal(player_next(phone.player), 3 * S);
    phone.now = 3 * S + 7 * MS;
    player_tick(phone.player, phone.now);
    phone.now += 4 * MS;
    done(&phone, 200);
    assert_int_equal(phone.last.planned_ns, 3 * S);
    assert_int_equal(phone.last.began_ns, 3 * S + 7 * MS);
    assert_int_equal(phone.last.ended_ns, 3 * S + 11 * MS);
    assert_int_equal(phone.last.status, 200);
    assert_string_equal(phone.last.observed, "status 200");
    player_free(phone.player);
}

static void time_may_count_from_ringing_and_from_the_registration(void **state)
{
    (void)state;
    struct step ring = at(S, "options"), start = at(2 * S, "reregister");
    ring.from = OCCURRED_RINGING;
    start.from = OCCURRED_REGISTERING;
    OPEN(ring, start);
    happens(&phone, 0, OCCURRED_REGISTERING, 0);
    happens(&phone, 4 * S, OCCURRED_RINGING, 0);
    happens(&phone, 4 * S + 500 * MS, OCCURRED_RINGING, 0); /* another fork's */
    until(&phone, 9 * S);
    assert_string_equal(phone.asked, "2000:register() 5000:request(OPTIONS - -)");
    player_free(phone.player);
}

static void an_event_starts_a_step_once_some_times_or_always(void **state)
{
    (void)state;
    struct step twice = on("info_received", "options"), always = on("info_received", "send_info");
    twice.times = 2;
    always.times = 0;
    OPEN(on("info_received", "hold"), twice, always);
    phone.at_once = true;
    for (int i = 1; i <= 3; i++)
        happens(&phone, i * S, OCCURRED_INFO, 0);
    assert_string_equal(phone.asked,
                        "1000:offer(sendonly) 1000:request(OPTIONS - -) 1000:request(INFO - -) "
                        "2000:request(OPTIONS - -) 2000:request(INFO - -) 3000:request(INFO - -)");
    assert_int_equal(phone.last.turn, 2);
    assert_string_equal(phone.last.trigger, "on info_received");
    player_free(phone.player);
}

static void each_trigger_waits_for_its_own_event(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum occurrence_kind kind;
    } pairs[] = {{"ringing", OCCURRED_RINGING},
                 {"early_media", OCCURRED_EARLY_MEDIA},
                 {"answered", OCCURRED_ANSWERED},
                 {"hold_received", OCCURRED_HELD},
                 {"resume_received", OCCURRED_RESUMED},
                 {"offer_received", OCCURRED_OFFERED},
                 {"info_received", OCCURRED_INFO},
                 {"message_received", OCCURRED_MESSAGE},
                 {"dtmf_received", OCCURRED_DIGIT},
                 {"refer_received", OCCURRED_REFERRED},
                 {"session_timer_refreshed", OCCURRED_REFRESHED},
                 {"bye_received", OCCURRED_BYE},
                 {"invite", OCCURRED_CALLING}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        OPEN(on(pairs[i].word, "options"));
        for (int kind = 0; kind < OCCURRED_NEVER; kind++)
            if (kind != (int)pairs[i].kind)
                happens(&phone, S, (enum occurrence_kind)kind, '1');
        assert_string_equal(phone.asked, "");
        happens(&phone, 2 * S, pairs[i].kind, '1');
        assert_string_equal(phone.asked, "2000:request(OPTIONS - -)");
        player_free(phone.player);
    }
}

static void a_digit_or_a_sequence_of_digits_is_waited_for(void **state)
{
    (void)state;
    struct step any = on("dtmf_received", "options");
    any.times = 0;
    OPEN(WITH(on("dtmf_received", "hold"), {"digit", "42#"}),
         WITH(on("dtmf_received", "resume"), {"digit", "2"}), any);
    phone.at_once = true;
    static const char heard[] = "4142#";
    for (int i = 0; heard[i]; i++)
        happens(&phone, (i + 1) * S, OCCURRED_DIGIT, heard[i]);
    assert_string_equal(phone.asked,
                        "1000:request(OPTIONS - -) 2000:request(OPTIONS - -) "
                        "3000:request(OPTIONS - -) 4000:offer(sendrecv) 4000:request(OPTIONS - -) "
                        "5000:offer(sendonly) 5000:request(OPTIONS - -)");
    player_free(phone.player);
}

static void signalled(struct phone *phone, int64_t at, const char *name)
{
    until(phone, at);
    player_occurred(phone->player, at, at,
                    &(struct occurrence){.kind = OCCURRED_SIGNAL, .signal = name});
}

static void a_signal_is_waited_for_by_its_name(void **state)
{
    (void)state;
    struct step missed = WITH(on("signal_received", "options"), {"signal", "stop"});
    missed.within_ns = 9 * S;
    OPEN(WITH(on("signal_received", "hold"), {"signal", "go"}), missed);
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    signalled(&phone, S, "gone");
    signalled(&phone, 2 * S, "g");
    assert_string_equal(phone.asked, "");
    signalled(&phone, 3 * S, "go");
    signalled(&phone, 4 * S, "go");
    assert_string_equal(phone.asked, "3000:offer(sendonly)");
    until(&phone, 9 * S);
    assert_string_equal(phone.last.detail, "signal_received did not happen within 9 s");
    player_free(phone.player);
}

static void a_sequence_is_of_digits_that_came_by_one_method(void **state)
{
    (void)state;
    OPEN(WITH(on("dtmf_received", "hold"), {"digit", "42"}));
    static const struct {
        char digit;
        enum digit_method method;
    } heard[] = {{'4', DIGIT_RTP}, {'4', DIGIT_INFO}, {'7', DIGIT_INFO}, {'2', DIGIT_INFO}};
    for (int i = 0; i < 4; i++)
        player_occurred(phone.player, i * S, i * S,
                        &(struct occurrence){.kind = OCCURRED_DIGIT,
                                             .digit = heard[i].digit,
                                             .method = heard[i].method});
    assert_string_equal(phone.asked, "");
    happens(&phone, 5 * S, OCCURRED_DIGIT, '2');
    assert_string_equal(phone.asked, "5000:offer(sendonly)");
    player_free(phone.player);
}

static void more_digits_than_a_sequence_can_have_are_forgotten(void **state)
{
    (void)state;
    OPEN(WITH(on("dtmf_received", "hold"), {"digit", "11#"}));
    for (int i = 0; i < 500; i++)
        happens(&phone, i * S, OCCURRED_DIGIT, '1');
    assert_string_equal(phone.asked, "");
    happens(&phone, 500 * S, OCCURRED_DIGIT, '#');
    assert_string_equal(phone.asked, "500000:offer(sendonly)");
    player_free(phone.player);
}

static void a_step_follows_another_one_that_was_done_well(void **state)
{
    (void)state;
    struct step first = at(S, "hold"), then = at(0, "resume"), last = at(0, "hangup");
    first.name = "hold";
    then.name = "resume";
    then.when = last.when = STEP_AFTER;
    then.after = 0;
    last.after = 1;
    OPEN(first, then, last);
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, 2 * S);
    done(&phone, 200);
    assert_string_equal(phone.asked, "1000:offer(sendonly) 2000:offer(sendrecv)");
    until(&phone, 3 * S);
    done(&phone, 488);
    assert_string_equal(phone.last.detail, "it was refused with status 488");
    assert_string_equal(phone.last.trigger, "after hold");
    player_end(phone.player, 4 * S);
    assert_string_equal(phone.told, "2000:hold done 3000:resume failed 3000:hangup skipped");
    assert_string_equal(phone.last.detail, "resume was not done");
    player_free(phone.player);
}

static void what_follows_is_planned_for_the_answer_and_begun_when_it_is_told(void **state)
{
    (void)state;
    struct step first = at(S, "options"), then = at(0, "hangup"), between = at(S + 30 * MS, "hold");
    first.name = "ask";
    first.expect.within_ns = 40 * MS;
    then.when = STEP_AFTER;
    OPEN(first, then, between);
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, S);
    uint32_t ticket = phone.ticket;
    /* The loop was busy, and tells the answer 50 ms late. */
    phone.now = S + 90 * MS;
    player_done(phone.player, phone.now, ticket,
                &(struct report){.ok = true, .status = 200, .at_ns = S + 40 * MS});
    assert_string_equal(phone.told, "1090:options done");
    assert_int_equal(phone.last.ended_ns, S + 40 * MS);
    assert_string_equal(phone.asked,
                        "1000:request(OPTIONS - -) 1090:offer(sendonly) 1090:hangup()");
    done(&phone, 200);
    assert_int_equal(phone.last.planned_ns, S + 40 * MS);
    assert_int_equal(phone.last.began_ns, S + 90 * MS);
    player_free(phone.player);
}

static void a_wait_takes_its_time_and_others_may_follow_it(void **state)
{
    (void)state;
    struct step pause = WITH(on("answered", "wait"), {"length", "2500000000"});
    struct step then = at(0, "hangup");
    pause.name = "pause";
    then.when = STEP_AFTER;
    OPEN(pause, then);
    happens(&phone, S, OCCURRED_ANSWERED, 0);
    until(&phone, 10 * S);
    assert_string_equal(phone.asked, "3500:hangup()");
    assert_string_equal(phone.told, "3500:wait done");
    player_free(phone.player);
}

static void what_does_not_happen_in_time_has_failed_and_something_else_is_done(void **state)
{
    (void)state;
    struct step instead = {.action = action_find("hangup")};
    struct step step = WITH(on("dtmf_received", "hold"), {"digit", "12345"});
    step.within_ns = 5 * S;
    step.otherwise = &instead;
    OPEN(step);
    happens(&phone, S, OCCURRED_ANSWERED, 0);
    for (int i = 0; i < 4; i++)
        happens(&phone, (2 + i) * S, OCCURRED_DIGIT, "1245"[i]);
    player_tick(phone.player, phone.now = 6 * S);
    assert_string_equal(phone.told, "6000:hold failed");
    assert_string_equal(
        phone.last.detail,
        "dtmf_received of 12345 did not happen within 5 s; the digits that came are 1245");
    assert_string_equal(phone.asked, "6000:hangup()");
    done(&phone, 0);
    assert_true(phone.last.otherwise);
    happens(&phone, 7 * S, OCCURRED_DIGIT, '5');
    assert_string_equal(phone.asked, "6000:hangup()");
    player_free(phone.player);
}

static void an_event_in_time_needs_no_other_way(void **state)
{
    (void)state;
    struct step instead = {.action = action_find("hangup")};
    struct step step = on("session_timer_refreshed", "options");
    step.within_ns = 50 * S;
    step.otherwise = &instead;
    OPEN(step);
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    happens(&phone, 50 * S - 1, OCCURRED_REFRESHED, 0);
    until(&phone, 100 * S);
    assert_string_equal(phone.asked, "49999:request(OPTIONS - -)");
    player_free(phone.player);
}

static void an_expected_status_makes_a_refusal_a_success(void **state)
{
    (void)state;
    struct step step = at(S, "update_media");
    step.expect = (struct step_expect){.status = 488};
    OPEN(step);
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, S);
    done(&phone, 488);
    assert_int_equal(phone.last.result, ACTION_DONE);
    assert_string_equal(phone.last.expected, "status 488");
    player_free(phone.player);
}

static void what_was_expected_and_what_came_is_told(void **state)
{
    (void)state;
    static const struct {
        struct step_expect expect;
        struct report report;
        int64_t took;
        const char *detail, *expected, *observed;
    } cases[] = {
        {{.status = 200},
         {.ok = false, .status = 488},
         0,
         "expected status 200, got 488",
         "status 200",
         "status 488"},
        {{.status = 200}, {.ok = false}, 0, "expected status 200, got no answer", "status 200", ""},
        {{.direction = "sendonly"},
         {.ok = true, .status = 200, .direction = "sendrecv"},
         0,
         "expected the media to be sendonly, it is sendrecv",
         "sendonly",
         "status 200, sendrecv"},
        {{.codec = "pcma"},
         {.ok = true, .status = 200, .codec = "PCMU"},
         0,
         "expected the codec pcma, it is PCMU",
         "pcma",
         "status 200, PCMU"},
        {{.within_ns = S, .status = 200},
         {.ok = true, .status = 200},
         1500 * MS,
         "it took 1.500 s, expected within 1 s",
         "status 200 within 1 s",
         "status 200"},
        {{.codec = "pcma", .direction = "sendonly"},
         {.ok = true, .status = 200, .codec = "PCMA", .direction = "sendonly"},
         0,
         "",
         "sendonly, pcma",
         "status 200, sendonly, PCMA"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct step step = at(S, "hold");
        step.expect = cases[i].expect;
        OPEN(step);
        happens(&phone, 0, OCCURRED_ANSWERED, 0);
        until(&phone, S);
        player_done(phone.player, S + cases[i].took, phone.ticket, &cases[i].report);
        assert_string_equal(phone.last.detail, cases[i].detail);
        assert_string_equal(phone.last.expected, cases[i].expected);
        assert_string_equal(phone.last.observed, cases[i].observed);
        assert_int_equal(phone.last.result, *cases[i].detail ? ACTION_FAILED : ACTION_DONE);
        player_free(phone.player);
    }
}

static void what_cannot_be_begun_says_why(void **state)
{
    (void)state;
    OPEN(at(S, "hold"));
    phone.refuses = "another offer is under way";
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, S);
    assert_string_equal(phone.told, "1000:hold failed");
    assert_string_equal(phone.last.detail, "another offer is under way");
    player_free(phone.player);
}

static void the_end_of_the_call_fails_what_had_its_time_and_leaves_out_the_rest(void **state)
{
    (void)state;
    OPEN(at(S, "hold"), at(30 * S, "resume"), on("info_received", "options"));
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, 2 * S);
    player_end(phone.player, 2 * S);
    assert_string_equal(phone.told, "2000:hold failed 2000:resume failed 2000:options skipped");
    done(&phone, 200);
    player_end(phone.player, 3 * S);
    happens(&phone, 4 * S, OCCURRED_INFO, 0);
    assert_string_equal(phone.told, "2000:hold failed 2000:resume failed 2000:options skipped");
    player_free(phone.player);
}

static void a_call_that_was_never_answered_fails_no_step(void **state)
{
    (void)state;
    OPEN(at(S, "hold"), on("dtmf_received", "hangup"));
    happens(&phone, 0, OCCURRED_CALLING, 0);
    player_end(phone.player, 2 * S);
    assert_string_equal(phone.told, "0:hold skipped 0:hangup skipped");
    player_free(phone.player);
}

static void an_interrupted_run_fails_no_step(void **state)
{
    (void)state;
    OPEN(at(S, "hold"), at(30 * S, "resume"));
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, 2 * S);
    player_stop(phone.player, 2 * S);
    assert_string_equal(phone.told, "2000:hold skipped 2000:resume skipped");
    player_free(phone.player);
}

static void each_action_asks_for_what_its_arguments_say(void **state)
{
    (void)state;
    OPEN(WITH(at(1 * S, "hold"), {"method", "zero"}),
         WITH(at(2 * S, "hold"), {"method", "inactive"}),
         WITH(at(3 * S, "send_dtmf"), {"digits", "42#"}, {"method", "info"}, {"tone", "80000000"}),
         WITH(at(4 * S, "send_info"), {"body", "ping"}),
         WITH(at(5 * S, "send_message"), {"body", "hello"}, {"content_type", "text/html"}),
         WITH(at(6 * S, "update_media"), {"codecs", "pcmu"}, {"codecs", "pcma"}, {"rekey", "true"},
              {"method", "update"}),
         at(7 * S, "refresh_session"), at(8 * S, "reregister"),
         WITH(at(9 * S, "hangup"), {"reason", "Q.850;cause=16"}),
         WITH(at(10 * S, "refresh_session"), {"method", "update"}),
         WITH(at(11 * S, "refresh_session"), {"method", "reinvite"}), at(12 * S, "deregister"),
         at(13 * S, "answer"), at(14 * S, "reject"),
         WITH(at(15 * S, "reject"), {"status", "603"}, {"reason", "No"}),
         WITH(at(16 * S, "redirect"), {"to", "sip:a@b"}),
         WITH(at(17 * S, "transfer"), {"to", "desks"}, {"mode", "attended"}),
         WITH(at(18 * S, "transfer"), {"to", "sip:a@b"}),
         WITH(at(19 * S, "signal"), {"send", "go"}),
         WITH(at(20 * S, "signal"), {"send", "go"}, {"to", "agents"}),
         WITH(at(21 * S, "exec"), {"command", "true"}),
         WITH(at(22 * S, "exec"), {"command", "false"}, {"timeout", "2000000000"}),
         WITH(at(23 * S, "send_dtmf"), {"digits", "1"}, {"method", "both"}));
    phone.at_once = true;
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    until(&phone, 30 * S);
    assert_string_equal(phone.asked,
                        "1000:offer(sendonly zero) 2000:offer(inactive) "
                        "3000:digits(info 42# 80000000 -1) 4000:request(INFO text/plain ping) "
                        "5000:request(MESSAGE text/html hello) "
                        "6000:offer(as is rekey update pcma) 7000:refresh() 8000:register() "
                        "9000:hangup(Q.850;cause=16) 10000:refresh(UPDATE) "
                        "11000:refresh(INVITE) 12000:unregister() 13000:answer() "
                        "14000:refuse(486 - -) 15000:refuse(603 No -) "
                        "16000:refuse(302 - sip:a@b) 17000:transfer(desks attended) "
                        "18000:transfer(sip:a@b) 19000:signal(go to partner) "
                        "20000:signal(go to agents) 21000:run(true 10000) 22000:run(false 2000) "
                        "23000:digits(both 1 0 -1)");
    player_free(phone.player);
}

static void more_runs_at_once_than_there_is_room_for_are_told(void **state)
{
    (void)state;
    struct step always = on("info_received", "options");
    always.times = 0;
    OPEN(always);
    for (int i = 0; i < PLAYER_RUNS_MAX; i++)
        happens(&phone, S, OCCURRED_INFO, 0);
    assert_string_equal(phone.told, "");
    happens(&phone, S, OCCURRED_INFO, 0);
    assert_string_equal(phone.told, "1000:options failed");
    assert_string_equal(phone.last.detail, "too many steps are under way");
    player_free(phone.player);
}

static void a_thousand_steps_of_a_minute_are_all_on_time(void **state)
{
    (void)state;
    static struct step steps[1000];
    struct script script;
    struct phone phone;
    for (int i = 0; i < 1000; i++)
        steps[i] = at((int64_t)i * 60 * MS, "wait");
    open(&phone, steps, 1000, &script);
    happens(&phone, 0, OCCURRED_ANSWERED, 0);
    for (int i = 1; i < 1000; i++) {
        assert_int_equal(player_next(phone.player), i * 60 * MS);
        until(&phone, i * 60 * MS);
        assert_int_equal(phone.last.planned_ns, phone.last.began_ns);
    }
    assert_int_equal(phone.last.step, 999);
    player_free(phone.player);
}

/* ---- the same again -------------------------------------------------------------------------- */

#define MINUTE_STEPS 48

/* Everything that is told and asked, in its order, of a minute in which a peer does what follows
 * from seed, and every answer takes as long as follows from it. */
static void play_a_minute(const struct script *script, uint64_t seed, struct text *out)
{
    struct phone phone = {0};
    struct random random;
    random_init(&random, seed);
    phone.player = player_new(script, &performer, &phone, tell);
    happens(&phone, S, OCCURRED_ANSWERED, 0);
    for (int64_t now = S; now < 61 * S; now += (int64_t)(1 + random_below(&random, 40)) * MS) {
        static const enum occurrence_kind kinds[] = {OCCURRED_HELD, OCCURRED_RESUMED, OCCURRED_INFO,
                                                     OCCURRED_DIGIT, OCCURRED_OFFERED};
        uint64_t what = random_below(&random, 40);
        enum occurrence_kind kind = what < 5 ? kinds[what] : OCCURRED_NEVER;
        happens(&phone, now, kind, (char)('0' + random_below(&random, 10)));
        if (what >= 20)
            done(&phone, what == 39 ? 488 : 200);
        text_printf(out, "%s|%s|", phone.asked, phone.told);
        phone.asked[0] = phone.told[0] = '\0';
    }
    player_end(phone.player, 61 * S);
    text_printf(out, "%s", phone.told);
    player_free(phone.player);
}

static void a_minute_is_the_same_again_with_the_same_seed(void **state)
{
    (void)state;
    static const char *const things[] = {"hold", "resume", "options", "send_info", "wait"};
    static const char *const events[] = {"info_received", "dtmf_received", "hold_received"};
    struct step steps[MINUTE_STEPS];
    struct script script = {steps, MINUTE_STEPS};
    for (int i = 0; i < MINUTE_STEPS; i++) {
        steps[i] = at((int64_t)(i / 2) * 2500 * MS, things[i % 5]);
        if (i % 4 == 1) {
            steps[i] = on(events[i % 3], things[i % 5]);
            steps[i].times = (uint32_t)(i % 3);
        } else if (i % 4 == 3) {
            steps[i].when = STEP_AFTER;
            steps[i].after = (uint32_t)(i - 1);
        }
        steps[i].name = "step";
    }
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct text one = {0}, again = {0}, other = {0};
        play_a_minute(&script, seed, &one);
        play_a_minute(&script, seed, &again);
        play_a_minute(&script, seed + 100, &other);
        assert_string_equal(text_get(&one), text_get(&again));
        assert_string_not_equal(text_get(&one), text_get(&other));
        assert_non_null(strstr(text_get(&one), "hold done"));
        text_fini(&one);
        text_fini(&again);
        text_fini(&other);
    }
}

SPECIFICATION(cmocka_unit_test(steps_are_begun_at_their_time_after_the_answer),
              cmocka_unit_test(a_step_that_is_served_late_tells_its_planned_and_its_real_time),
              cmocka_unit_test(time_may_count_from_ringing_and_from_the_registration),
              cmocka_unit_test(an_event_starts_a_step_once_some_times_or_always),
              cmocka_unit_test(each_trigger_waits_for_its_own_event),
              cmocka_unit_test(a_digit_or_a_sequence_of_digits_is_waited_for),
              cmocka_unit_test(a_signal_is_waited_for_by_its_name),
              cmocka_unit_test(a_sequence_is_of_digits_that_came_by_one_method),
              cmocka_unit_test(more_digits_than_a_sequence_can_have_are_forgotten),
              cmocka_unit_test(a_step_follows_another_one_that_was_done_well),
              cmocka_unit_test(what_follows_is_planned_for_the_answer_and_begun_when_it_is_told),
              cmocka_unit_test(a_wait_takes_its_time_and_others_may_follow_it),
              cmocka_unit_test(what_does_not_happen_in_time_has_failed_and_something_else_is_done),
              cmocka_unit_test(an_event_in_time_needs_no_other_way),
              cmocka_unit_test(an_expected_status_makes_a_refusal_a_success),
              cmocka_unit_test(what_was_expected_and_what_came_is_told),
              cmocka_unit_test(what_cannot_be_begun_says_why),
              cmocka_unit_test(the_end_of_the_call_fails_what_had_its_time_and_leaves_out_the_rest),
              cmocka_unit_test(a_call_that_was_never_answered_fails_no_step),
              cmocka_unit_test(an_interrupted_run_fails_no_step),
              cmocka_unit_test(each_action_asks_for_what_its_arguments_say),
              cmocka_unit_test(more_runs_at_once_than_there_is_room_for_are_told),
              cmocka_unit_test(a_thousand_steps_of_a_minute_are_all_on_time),
              cmocka_unit_test(a_minute_is_the_same_again_with_the_same_seed))
