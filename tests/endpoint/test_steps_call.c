/* Steps that decide on a call, move it, and speak to the run, with peers that do as a test says. */
#include "world.h"
#include "cmtest/scenario.h"

static struct event_action told[16];
static size_t told_count;
static char asked[256];
static uint32_t ran;

static void keep(void *owner, const struct event *event)
{
    if (event->kind == EVENT_ACTION && told_count < sizeof told / sizeof told[0])
        told[told_count++] = event->action;
    world_event(owner, event);
}

static unsigned hear_signal(void *owner, uint32_t id, const char *name, const char *group)
{
    struct world *world = owner;
    (void)id;
    snprintf(asked, sizeof asked, "%s to %s", name, group ? group : "partner");
    return endpoint_signal(world->endpoint, "back");
}

static void end_command(void *arg)
{
    struct world *world = arg;
    endpoint_ran(world->endpoint, ran, false, "exit status 3: no such host");
}

static const char *run_command(void *owner, uint32_t id, uint32_t ticket,
                               const struct user_command *command, const char *call_id)
{
    (void)id;
    assert_true(call_id[0] != '\0');
    snprintf(asked, sizeof asked, "%s %d s", command->command,
             (int)(command->timeout_ns / NS_PER_S));
    ran = ticket;
    after_ms(owner, 100, end_command, owner);
    return NULL;
}

static const struct endpoint_handler keeping = {.event = keep,
                                                .registered = world_registered,
                                                .digit = world_digit,
                                                .signal = hear_signal,
                                                .run = run_command,
                                                .closed = world_closed};

static struct step at(int64_t ms, const char *action)
{
    return (struct step){.when = STEP_AT,
                         .from = OCCURRED_ANSWERED,
                         .at_ns = ms * NS_PER_MS,
                         .action = action_find(action)};
}

static struct step on(const char *trigger, const char *action)
{
    return (struct step){
        .when = STEP_ON, .times = 1, .on = trigger_find(trigger), .action = action_find(action)};
}

static struct step with(struct step step, const struct step_argument *argument)
{
    step.arguments = argument;
    step.argument_count = 1;
    return step;
}

static void dial(struct world *world)
{
    endpoint_dial(world->endpoint);
}

static void be_called(struct world *world)
{
    phone_call(&world->bob, OFFER, NULL);
}

static void play(struct world *world, enum roster_role role, int64_t patience_ns,
                 const struct step *steps, size_t count)
{
    const struct script script = {steps, count};
    told_count = 0;
    world->begin = role == ROLE_CALLER ? dial : be_called;
    world->bob.answer = OFFER;
    world_prepare(world);
    struct endpoint_config config = usual(world, role);
    config.script = &script;
    config.duration_ns = 700 * NS_PER_MS;
    if (role == ROLE_CALLEE)
        config.hangup_ns = 300 * NS_PER_MS;
    if (patience_ns)
        config.patience_ns = patience_ns;
    world->endpoint =
        endpoint_new(world->agent, world->loop, &config, &world_media, world, &keeping, world);
    world_run(world);
    if (!world->closed)
        fail_msg("still open after %s", world->phases);
    assert_int_equal(world->late_events, 0);
}

static void assert_told(size_t index, const char *action, enum action_result result,
                        const char *detail)
{
    if (index >= told_count)
        fail_msg("only %zu steps were told", told_count);
    assert_string_equal(told[index].action, action);
    assert_string_equal(told[index].detail, detail);
    assert_int_equal(told[index].result, result);
}

static void a_step_answers_and_is_done_with_the_ack(void **state)
{
    (void)state;
    struct world world = {0};
    struct step step = on("ringing", "answer");
    step.expect.status = 200;
    play(&world, ROLE_CALLEE, 0, &step, 1);
    assert_told(0, "answer", ACTION_DONE, "");
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_true(world.call.completed);
    world_end(&world);
}

static void a_call_is_decided_on_once(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {on("ringing", "reject"), on("ringing", "answer")};
    play(&world, ROLE_CALLEE, 0, steps, 2);
    assert_told(0, "answer", ACTION_FAILED, "the call is decided on already");
    assert_told(1, "reject", ACTION_DONE, "");
    assert_int_equal(told[1].status, 486);
    assert_int_equal(world.bob.end.status, 486);
    world_end(&world);
}

static void a_call_that_no_step_decides_on_is_refused_and_told(void **state)
{
    (void)state;
    struct world world = {0};
    struct step step = at(9000, "answer");
    step.from = OCCURRED_RINGING;
    play(&world, ROLE_CALLEE, 100 * NS_PER_MS, &step, 1);
    assert_told(0, "answer", ACTION_SKIPPED, "the call ended first");
    assert_outcome(&world, OUTCOME_CALL_FAILED, FAILURE_ACTION,
                   "no step of the scenario answered or refused the call within 0 s");
    assert_int_equal(world.bob.end.status, 480);
    world_end(&world);
}

static void a_caller_has_no_call_to_answer(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {at(50, "answer"), at(60, "reject")};
    play(&world, ROLE_CALLER, 0, steps, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(told[i].result, ACTION_FAILED);
    assert_told(0, "answer", ACTION_FAILED, "there is no incoming call that waits for an answer");
    assert_true(world.call.completed);
    world_end(&world);
}

static void a_partner_that_does_not_want_to_go_is_told_and_stays(void **state)
{
    (void)state;
    struct world world = {0};
    static const struct step_argument to = {"to", "sip:carol@" REALM}, desk = {"to", "desks"};
    struct step steps[] = {with(at(50, "transfer"), &to), with(at(300, "transfer"), &desk)};
    steps[0].expect.status = 603;
    play(&world, ROLE_CALLER, 0, steps, 2);
    assert_told(0, "transfer", ACTION_DONE, "");
    assert_int_equal(told[0].status, 603);
    assert_told(1, "transfer", ACTION_FAILED, "there is no endpoint to transfer to");
    assert_true(world.call.completed);
    assert_true(world.call.duration_ns >= 690 * NS_PER_MS);
    world_end(&world);
}

static void who_is_asked_first_may_refuse(void **state)
{
    (void)state;
    struct world world = {.carol = {.reject = 486}};
    static const struct step_argument attended[] = {{"to", "sip:carol@" REALM},
                                                    {"mode", "attended"}};
    struct step step = with(at(50, "transfer"), attended);
    step.argument_count = 2;
    play(&world, ROLE_CALLER, 0, &step, 1);
    assert_told(0, "transfer", ACTION_FAILED, "it was refused with status 486");
    assert_true(world.call.duration_ns >= 690 * NS_PER_MS);
    world_end(&world);
}

static void who_is_asked_first_may_be_silent(void **state)
{
    (void)state;
    struct world world = {0}; /* carol rings */
    static const struct step_argument attended[] = {{"to", "sip:carol@" REALM},
                                                    {"mode", "attended"}};
    struct step step = with(at(50, "transfer"), attended);
    step.argument_count = 2;
    play(&world, ROLE_CALLER, 800 * NS_PER_MS, &step, 1);
    assert_int_equal(told[0].result, ACTION_FAILED);
    assert_int_equal(told[0].status, 487); /* of our CANCEL */
    assert_true(world.call.completed);
    assert_int_equal(world.carol.end.by_peer, true);
    world_end(&world);
}

static void who_was_asked_first_is_let_go_when_the_partner_stays(void **state)
{
    (void)state;
    struct world world = {.carol = {.answer = OFFER}};
    static const struct step_argument attended[] = {{"to", "sip:carol@" REALM},
                                                    {"mode", "attended"}};
    struct step step = with(at(50, "transfer"), attended);
    step.argument_count = 2;
    play(&world, ROLE_CALLER, 0, &step, 1);
    assert_told(0, "transfer", ACTION_FAILED, "it was refused with status 603");
    assert_true(world.call.completed);
    assert_true(world.carol.over && world.carol.end.by_peer);
    if (!strstr(world.carol.said, "a=inactive"))
        fail_msg("carol heard %s", world.carol.said);
    assert_string_equal(world.media, "open start(pcma:7000,send,receive) quiet close");
    world_end(&world);
}

static void a_removal_that_is_under_way_at_the_end_is_the_last_one(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {at(50, "deregister"), at(50, "deregister"), at(50, "hangup")};
    play(&world, ROLE_CALLER, 0, steps, 3);
    assert_told(0, "deregister", ACTION_FAILED, "there is no registration");
    assert_true(world.call.completed);
    assert_int_equal(world.outcomes, 1);
    world_end(&world);
}

static void signals_go_out_and_come_in(void **state)
{
    (void)state;
    struct world world = {0};
    static const struct step_argument send[] = {{"send", "go"}, {"to", "agents"}},
                                      wait = {"signal", "back"};
    struct step steps[] = {with(at(50, "signal"), send),
                           with(on("signal_received", "options"), &wait)};
    steps[0].argument_count = 2;
    play(&world, ROLE_CALLER, 0, steps, 2);
    assert_string_equal(asked, "go to agents");
    assert_told(0, "signal", ACTION_DONE, "");
    assert_string_equal(told[0].observed, "heard by 1 endpoint");
    assert_told(1, "options", ACTION_DONE, "");
    assert_false(endpoint_signal(world.endpoint, "back")); /* it is closed */
    world_end(&world);
}

static void a_command_that_fails_fails_its_step(void **state)
{
    (void)state;
    struct world world = {0};
    static const struct step_argument command = {"command", "./notify.sh"};
    struct step step = with(at(50, "exec"), &command);
    play(&world, ROLE_CALLER, 0, &step, 1);
    assert_string_equal(asked, "./notify.sh 10 s");
    assert_told(0, "exec", ACTION_FAILED, "exit status 3: no such host");
    assert_string_equal(told[0].observed, "exit status 3: no such host");
    assert_true(told[0].ended_ns - told[0].began_ns >= 100 * NS_PER_MS);
    endpoint_ran(world.endpoint, ran, true, "late");
    world_end(&world);
}

static void a_refresh_is_of_the_method_that_was_asked_for(void **state)
{
    (void)state;
    static const struct step_argument update = {"method", "update"},
                                      invite = {"method", "reinvite"};
    struct world world = {.bob = {.refuses = true}};
    struct step steps[] = {with(at(50, "refresh_session"), &update),
                           with(at(200, "refresh_session"), &invite)};
    play(&world, ROLE_CALLER, 0, steps, 2);
    assert_told(0, "refresh_session", ACTION_DONE, "");
    assert_told(1, "refresh_session", ACTION_FAILED, "it was refused with status 488");
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(cmocka_unit_test(a_step_answers_and_is_done_with_the_ack),
                           cmocka_unit_test(a_call_is_decided_on_once),
                           cmocka_unit_test(a_call_that_no_step_decides_on_is_refused_and_told),
                           cmocka_unit_test(a_caller_has_no_call_to_answer),
                           cmocka_unit_test(a_partner_that_does_not_want_to_go_is_told_and_stays),
                           cmocka_unit_test(who_is_asked_first_may_refuse),
                           cmocka_unit_test(who_is_asked_first_may_be_silent),
                           cmocka_unit_test(who_was_asked_first_is_let_go_when_the_partner_stays),
                           cmocka_unit_test(a_removal_that_is_under_way_at_the_end_is_the_last_one),
                           cmocka_unit_test(signals_go_out_and_come_in),
                           cmocka_unit_test(a_command_that_fails_fails_its_step),
                           cmocka_unit_test(a_refresh_is_of_the_method_that_was_asked_for))
