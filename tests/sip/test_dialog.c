/* Two agents on one loop call each other directly over loopback sockets. */
#include "support/specification.h"
#include "cmtest/dialog.h"
#include "sip_private.h"
#include "cmtest/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OFFER "v=0 offer"
#define ANSWER "v=0 answer"

struct side {
    struct scene *scene;
    struct dialog *dialog;
    struct dialog_end end;
    bool over;
    char log[1024]; /* messages in order: "> INVITE, < 180, ..." */
    char body[64];
};

struct scene {
    struct loop *loop;
    struct agent *agents[2];
    struct agent_user *users[2];
    struct identity identities[2];
    struct agent_server servers[2];
    struct side caller, callee;
    struct loop_timer patience, action;
    enum { ANSWERS, RINGS, REJECTS, ANSWERS_AND_HANGS_UP, REFUSES } callee_does;
    enum { HANGS_UP_WHEN_ANSWERED, HANGS_UP_WHEN_RINGING, WAITS } caller_does;
};

static void take_message(void *owner, const struct message *message)
{
    struct side *side = owner;
    size_t length = strlen(side->log);
    if (message->facts.status)
        snprintf(side->log + length, sizeof side->log - length, "%s%u ",
                 message->facts.sent ? ">" : "<", message->facts.status);
    else
        snprintf(side->log + length, sizeof side->log - length, "%s%s ",
                 message->facts.sent ? ">" : "<", message->facts.method);
}

static void take_end(void *owner, const struct dialog_end *end)
{
    struct side *side = owner;
    struct scene *scene = side->scene;
    assert_false(side->over);
    side->end = *end;
    side->over = true;
    bool both = scene->caller.over && (scene->callee.over || !scene->callee.dialog);
    if (both)
        loop_stop(scene->loop);
}

static void take_progress(void *owner, int status, const char *body, size_t length)
{
    struct side *side = owner;
    (void)body;
    (void)length;
    if (status == 180 && side->scene->caller_does == HANGS_UP_WHEN_RINGING)
        dialog_hangup(side->dialog, NULL);
}

static void take_answer(void *owner, const char *body, size_t length)
{
    struct side *side = owner;
    snprintf(side->body, sizeof side->body, "%.*s", (int)length, body);
    if (side->scene->caller_does == HANGS_UP_WHEN_ANSWERED)
        dialog_hangup(side->dialog, NULL);
}

static void take_ack(void *owner, const char *body, size_t length)
{
    struct side *side = owner;
    (void)body;
    (void)length;
    if (side->scene->callee_does == ANSWERS_AND_HANGS_UP)
        dialog_hangup(side->dialog, NULL);
}

static const struct dialog_handler caller_handler = {
    .message = take_message, .progress = take_progress, .answered = take_answer, .ended = take_end};
static const struct dialog_handler callee_handler = {
    .message = take_message, .confirmed = take_ack, .ended = take_end};

static bool take_invite(void *owner, struct dialog *dialog)
{
    struct scene *scene = owner;
    size_t length;
    if (scene->callee_does == REFUSES)
        return false;
    scene->callee.dialog = dialog;
    const char *offer = dialog_offer(dialog, &length);
    snprintf(scene->callee.body, sizeof scene->callee.body, "%.*s", (int)length, offer);
    static const struct dialog_options options = {0};
    dialog_adopt(dialog, &options, &callee_handler, &scene->callee);
    dialog_progress(dialog, 180, NULL);
    if (scene->callee_does == REJECTS)
        dialog_reject(dialog, 486, "Busy Here", NULL);
    else if (scene->callee_does != RINGS)
        dialog_answer(dialog, ANSWER);
    return true;
}

static void run_out_of_patience(void *arg)
{
    struct scene *scene = arg;
    loop_stop(scene->loop);
}

static void play(struct scene *scene, const char *target_user, bool tcp)
{
    scene->loop = loop_new();
    for (int i = 0; i < 2; i++) {
        scene->agents[i] = agent_new(scene->loop, &(struct agent_config){.address = "127.0.0.1"});
        assert_non_null(scene->agents[i]);
    }
    char target[64];
    for (int i = 0; i < 2; i++) {
        scene->servers[i] = (struct agent_server){.host = "127.0.0.1",
                                                  .port = agent_port(scene->agents[1 - i]),
                                                  .transport = transport_find(tcp ? "tcp" : "udp")};
        scene->identities[i] =
            (struct identity){.username = i ? "bob" : "alice",
                              .domain = "example.test",
                              .credentials = {.username = "alice", .password = "secret"},
                              .servers = &scene->servers[i],
                              .server_count = 1};
        scene->users[i] = agent_user_new(scene->agents[i], &scene->identities[i], (uint32_t)i,
                                         take_invite, scene);
    }
    scene->caller.scene = scene->callee.scene = scene;
    snprintf(target, sizeof target, "sip:%s@example.test", target_user);
    struct dialog_request request = {.target = target, .offer = OFFER};
    scene->caller.dialog =
        dialog_invite(scene->agents[0], scene->users[0], &request, &caller_handler, &scene->caller);
    loop_timer_set(scene->loop, &scene->patience, clock_now() + 20 * NS_PER_S, run_out_of_patience,
                   scene);
    loop_run(scene->loop);
    loop_timer_cancel(&scene->patience);
}

static void clean(struct scene *scene)
{
    dialog_free(scene->caller.dialog);
    dialog_free(scene->callee.dialog);
    for (int i = 0; i < 2; i++) {
        agent_user_free(scene->users[i]);
        agent_free(scene->agents[i]);
    }
    loop_free(scene->loop);
}

static void assert_whole_call(struct scene *scene)
{
    assert_true(scene->caller.over && scene->callee.over);
    assert_int_equal(scene->caller.end.status, 200);
    assert_int_equal(scene->callee.end.status, 200);
    assert_false(scene->caller.end.bye_failed || scene->callee.end.bye_failed);
    assert_string_equal(scene->callee.body, OFFER);
    assert_string_equal(scene->caller.body, ANSWER);
}

static void caller_hangs_up_after_the_answer(void **state)
{
    (void)state;
    struct scene scene = {.callee_does = ANSWERS, .caller_does = HANGS_UP_WHEN_ANSWERED};
    play(&scene, "bob", false);
    assert_whole_call(&scene);
    assert_false(scene.caller.end.by_peer);
    assert_true(scene.callee.end.by_peer);
    assert_true(scene.caller.end.teardown_ns > 0);
    assert_string_equal(scene.callee.log, "<INVITE >180 >200 <ACK <BYE >200 ");
    clean(&scene);
}

static void callee_hangs_up_after_the_ack(void **state)
{
    (void)state;
    struct scene scene = {.callee_does = ANSWERS_AND_HANGS_UP, .caller_does = WAITS};
    play(&scene, "bob", false);
    assert_whole_call(&scene);
    assert_true(scene.caller.end.by_peer);
    assert_false(scene.callee.end.by_peer);
    clean(&scene);
}

static void call_works_over_tcp(void **state)
{
    (void)state;
    struct scene scene = {.callee_does = ANSWERS, .caller_does = HANGS_UP_WHEN_ANSWERED};
    play(&scene, "bob", true);
    assert_whole_call(&scene);
    clean(&scene);
}

static void cancel_while_ringing_ends_with_487(void **state)
{
    (void)state;
    struct scene scene = {.callee_does = RINGS, .caller_does = HANGS_UP_WHEN_RINGING};
    play(&scene, "bob", false);
    assert_true(scene.caller.over && scene.callee.over);
    assert_int_equal(scene.caller.end.status, 487);
    assert_int_equal(scene.callee.end.status, 487);
    assert_true(scene.callee.end.by_peer);
    clean(&scene);
}

static void rejection_reaches_the_caller_with_its_phrase(void **state)
{
    (void)state;
    struct scene scene = {.callee_does = REJECTS, .caller_does = WAITS};
    play(&scene, "bob", false);
    assert_int_equal(scene.caller.end.status, 486);
    assert_string_equal(scene.caller.end.reason, "Busy Here");
    clean(&scene);
}

static void callee_that_will_not_take_it_is_busy(void **state)
{
    (void)state;
    struct scene scene = {.callee_does = REFUSES, .caller_does = WAITS};
    play(&scene, "bob", false);
    assert_int_equal(scene.caller.end.status, 486);
    assert_null(scene.callee.dialog);
    clean(&scene);
}

static void unknown_user_is_not_found(void **state)
{
    (void)state;
    struct scene scene = {.caller_does = WAITS};
    play(&scene, "carol", false);
    assert_int_equal(scene.caller.end.status, 404);
    clean(&scene);
}

static void usernames_are_escaped_in_addresses(void **state)
{
    (void)state;
    struct identity identity = {.username = "a b@c%", .domain = "::1"};
    char *aor = agent_aor(&identity);
    assert_string_equal(aor, "sip:a%20b%40c%25@[::1]");
    free(aor);
}

/* Several endpoints may use one account, and an account may be called as we call the second. */
static void no_two_users_of_an_agent_have_the_same_contact(void **state)
{
    (void)state;
    static const char *const names[] = {"al-2", "al", "al", "al"};
    struct scene scene = {.callee_does = REFUSES};
    struct agent_server server = {
        .host = "127.0.0.1", .port = 9, .transport = transport_find("udp")};
    struct identity identities[4];
    struct agent_user *users[4];
    scene.loop = loop_new();
    scene.agents[0] = agent_new(scene.loop, &(struct agent_config){.address = "127.0.0.1"});
    assert_non_null(scene.agents[0]);
    for (uint32_t i = 0; i < 4; i++) {
        identities[i] = (struct identity){.username = names[i],
                                          .domain = "example.test",
                                          .credentials = {.username = "a", .password = "b"},
                                          .servers = &server,
                                          .server_count = 1};
        users[i] = agent_user_new(scene.agents[0], &identities[i], i, take_invite, &scene);
        assert_ptr_equal(agent_find_user(scene.agents[0], users[i]->contact_user), users[i]);
    }
    for (int i = 0; i < 4; i++)
        agent_user_free(users[i]);
    agent_free(scene.agents[0]);
    loop_free(scene.loop);
}

SPECIFICATION(cmocka_unit_test(no_two_users_of_an_agent_have_the_same_contact),
              cmocka_unit_test(caller_hangs_up_after_the_answer),
              cmocka_unit_test(callee_hangs_up_after_the_ack),
              cmocka_unit_test(call_works_over_tcp),
              cmocka_unit_test(cancel_while_ringing_ends_with_487),
              cmocka_unit_test(rejection_reaches_the_caller_with_its_phrase),
              cmocka_unit_test(callee_that_will_not_take_it_is_busy),
              cmocka_unit_test(unknown_user_is_not_found),
              cmocka_unit_test(usernames_are_escaped_in_addresses))
