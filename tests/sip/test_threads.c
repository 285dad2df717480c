/* Agents on several threads of one process: what is each thread's own stays so. */
#include "support/specification.h"
#include "dialog_scene.h"
#include <pthread.h>

#define THREADS 3
#define CALLS 6

/* No assertions on these threads: cmocka jumps. */
struct pair {
    const char *transport;
    struct loop *loop;
    struct tls_profile *profile;
    struct agent *agents[2];
    struct agent_user *users[2];
    struct identity identities[2];
    struct agent_server servers[2];
    struct dialog *dialogs[2];
    struct loop_timer patience;
    bool over[2];
    unsigned calls, messages, ended;
};

static void count(void *owner, const struct message *message)
{
    struct pair *pair = owner;
    pair->messages += strcmp(message->facts.transport, pair->transport) == 0;
}

static void leave(void *owner, const char *body, size_t length)
{
    struct pair *pair = owner;
    (void)body;
    (void)length;
    dialog_hangup(pair->dialogs[0], NULL);
}

static void stop_both(struct pair *pair)
{
    if (pair->over[0] && pair->over[1])
        loop_stop(pair->loop);
}

static void caller_ended(void *owner, const struct dialog_end *end)
{
    struct pair *pair = owner;
    pair->over[0] = true;
    pair->ended += end->status == 200 && !end->bye_failed;
    stop_both(pair);
}

static void callee_ended(void *owner, const struct dialog_end *end)
{
    struct pair *pair = owner;
    pair->over[1] = true;
    pair->ended += end->status == 200;
    stop_both(pair);
}

static const struct dialog_handler caller = {
    .message = count, .answered = leave, .ended = caller_ended};
static const struct dialog_handler callee = {.message = count, .ended = callee_ended};

static bool invited(void *owner, struct dialog *dialog)
{
    static const struct dialog_options options = {0};
    struct pair *pair = owner;
    pair->dialogs[1] = dialog;
    dialog_adopt(dialog, &options, &callee, pair);
    dialog_answer(dialog, SDP_ANSWER);
    return true;
}

static void too_long(void *arg)
{
    struct pair *pair = arg;
    loop_stop(pair->loop);
}

static void one_call(struct pair *pair)
{
    struct dialog_request request = {.target = "sip:bob@example.test", .offer = SDP_OFFER};
    pair->over[0] = pair->over[1] = false;
    pair->dialogs[0] = dialog_invite(pair->agents[0], pair->users[0], &request, &caller, pair);
    loop_timer_set(pair->loop, &pair->patience, clock_now() + PATIENCE, too_long, pair);
    loop_run(pair->loop);
    loop_timer_cancel(&pair->patience);
    for (int i = 0; i < 2; i++) {
        dialog_free(pair->dialogs[i]);
        pair->dialogs[i] = NULL;
    }
}

static void *play(void *arg)
{
    struct pair *pair = arg;
    bool tls = strcmp(pair->transport, "tls") == 0;
    pair->loop = loop_new();
    for (unsigned round = 0; round < CALLS; round++) {
        for (int i = 0; i < 2; i++)
            pair->agents[i] =
                agent_new(pair->loop, &(struct agent_config){.address = "127.0.0.1",
                                                             .tls = tls ? pair->profile : NULL});
        for (int i = 0; i < 2; i++) {
            const struct agent *other = pair->agents[1 - i];
            pair->servers[i] =
                (struct agent_server){.host = "127.0.0.1",
                                      .port = tls ? agent_tls_port(other) : agent_port(other),
                                      .transport = transport_find(pair->transport)};
            pair->identities[i] = (struct identity){.username = i ? "bob" : "alice",
                                                    .domain = "example.test",
                                                    .credentials = {"alice", "secret", NULL},
                                                    .servers = &pair->servers[i],
                                                    .server_count = 1};
            pair->users[i] =
                agent_user_new(pair->agents[i], &pair->identities[i], 1, invited, pair);
        }
        one_call(pair);
        one_call(pair);
        for (int i = 0; i < 2; i++) {
            agent_user_free(pair->users[i]);
            agent_free(pair->agents[i]);
        }
    }
    loop_free(pair->loop);
    return NULL;
}

static void calls_on_several_threads_do_not_see_each_other(void **state)
{
    (void)state;
    static const char *const transports_of[THREADS] = {"tls", "tls", "udp"};
    struct pair pairs[THREADS] = {0};
    struct tls_fault fault;
    pthread_t threads[THREADS];
    struct tls_profile *profile =
        tls_profile_new(&(struct tls_config){.verify = TLS_VERIFY_SKIP, .server_name = ""}, &fault);
    assert_non_null(profile);
    loop_free(loop_new());
    for (int i = 0; i < THREADS; i++) {
        pairs[i].transport = transports_of[i];
        pairs[i].profile = profile;
        assert_int_equal(pthread_create(&threads[i], NULL, play, &pairs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pairs[i].ended, 2 * 2 * CALLS);
        /* INVITE, 200, ACK, BYE, 200, seen from both ends; 100 perhaps. */
        assert_true(pairs[i].messages >= 2 * 2 * 5 * CALLS);
    }
    tls_profile_free(profile);
}

SPECIFICATION(cmocka_unit_test(calls_on_several_threads_do_not_see_each_other))
