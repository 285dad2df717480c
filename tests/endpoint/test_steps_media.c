/* What steps ask of the media of a call, with a media service that takes notes. */
#include "world.h"
#include "cmtest/scenario.h"

static struct event_action told[16];
static size_t told_count;
static char asked[256]; /* "play(music) mute" */
static const char *refuses;
static struct world *present;

static void jot(const char *format, ...)
{
    size_t length = strlen(asked);
    va_list list;
    if (length)
        asked[length++] = ' ';
    va_start(list, format);
    vsnprintf(asked + length, sizeof asked - length, format, list);
    va_end(list);
}

static const char *media_play(void *service, uint32_t id, const struct session_media *media,
                              const struct audio *audio, bool once, int64_t *length_ns)
{
    (void)service;
    (void)id;
    jot("play(%s %s%s)", media->codec->name, (const char *)audio, once ? " once" : "");
    if (once)
        *length_ns = 200 * NS_PER_MS;
    return refuses;
}

static const char *media_mute(void *service, uint32_t id, const struct session_media *media,
                              bool mute)
{
    (void)service;
    (void)id;
    (void)media;
    jot(mute ? "mute" : "unmute");
    return NULL;
}

static void media_impair(void *service, uint32_t id, enum event_direction direction,
                         const struct impairment_config *config)
{
    (void)service;
    (void)id;
    jot("impair(%s %s)", direction == DIRECTION_SEND ? "send" : "receive",
        config ? (const char *)config : "nothing");
}

static const struct media_service service = {.open = media_open,
                                             .start = media_start,
                                             .update = media_update,
                                             .quiet = media_quiet,
                                             .play = media_play,
                                             .mute = media_mute,
                                             .impair = media_impair,
                                             .close = media_close};

static void keep(void *owner, const struct event *event)
{
    if (event->kind == EVENT_ACTION && told_count < sizeof told / sizeof told[0])
        told[told_count++] = event->action;
    world_event(owner, event);
}

static const struct endpoint_handler keeping = {
    .event = keep, .registered = world_registered, .digit = world_digit, .closed = world_closed};

static struct step at(int64_t ms, const char *action)
{
    return (struct step){.when = STEP_AT,
                         .from = OCCURRED_ANSWERED,
                         .at_ns = ms * NS_PER_MS,
                         .action = action_find(action)};
}

static struct step source(struct step step, const char *name)
{
    step.audio = (const struct audio *)name;
    return step;
}

static void dial(struct world *world)
{
    endpoint_dial(world->endpoint);
}

static void run_with(struct world *world, const struct media_service *media,
                     const struct step *steps, size_t count, bool deferred)
{
    const struct script script = {steps, count};
    told_count = 0;
    asked[0] = '\0';
    present = world;
    world->begin = dial;
    world->bob.answer = world->bob.answer ? world->bob.answer : OFFER;
    world_prepare(world);
    struct endpoint_config config = usual(world, ROLE_CALLER);
    config.script = &script;
    config.duration_ns = NS_PER_S;
    config.deferred = deferred;
    world->endpoint =
        endpoint_new(world->agent, world->loop, &config, media, world, &keeping, world);
    world_run(world);
    assert_true(world->closed);
}

static void run(struct world *world, const struct step *steps, size_t count, bool deferred)
{
    run_with(world, &service, steps, count, deferred);
}

static void assert_told(size_t index, const char *action, enum action_result result,
                        const char *detail)
{
    assert_true(index < told_count);
    assert_string_equal(told[index].action, action);
    assert_string_equal(told[index].detail, detail);
    assert_int_equal(told[index].result, result);
}

static const struct step_argument once[] = {{"loop", "false"}};

static void the_source_of_the_call_changes(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {source(at(50, "play"), "music"), source(at(100, "play"), "prompt"),
                           at(150, "mute"), at(200, "unmute")};
    steps[1].arguments = once;
    steps[1].argument_count = 1;
    run(&world, steps, 4, false);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(asked, "play(pcma music) play(pcma prompt once) mute unmute");
    assert_told(0, "play", ACTION_DONE, "");
    assert_told(1, "mute", ACTION_DONE, "");
    assert_told(2, "unmute", ACTION_DONE, "");
    assert_told(3, "play", ACTION_DONE, "");
    assert_true(told[3].ended_ns - told[3].began_ns >= 200 * NS_PER_MS);
    world_end(&world);
}

static void what_is_played_once_fails_when_something_else_is_played(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {source(at(50, "play"), "prompt"), source(at(100, "play"), "music")};
    steps[0].arguments = once;
    steps[0].argument_count = 1;
    run(&world, steps, 2, false);
    assert_told(0, "play", ACTION_FAILED, "something else was played before its end");
    assert_told(1, "play", ACTION_DONE, "");
    world_end(&world);
}

static void nothing_is_played_once_into_a_hold_and_a_refusal_says_why(void **state)
{
    (void)state;
    struct world world = {.bob = {.answer = SDP_OF("1", "inactive", "7000", "8")}};
    struct step steps[] = {source(at(50, "play"), "prompt"), source(at(100, "play"), "music")};
    steps[0].arguments = once;
    steps[0].argument_count = 1;
    refuses = "there is no such file any more";
    run(&world, steps, 2, false);
    refuses = NULL;
    assert_told(0, "play", ACTION_FAILED, "nothing may be sent: the call is on hold");
    assert_told(1, "play", ACTION_FAILED, "there is no such file any more");
    world_end(&world);
}

static void a_source_that_was_offered_is_sent_when_the_offer_is_accepted(void **state)
{
    (void)state;
    struct world world = {0};
    const struct step_argument ptime[] = {{"ptime", "40000000"}};
    struct step steps[] = {source(at(50, "update_media"), "music")};
    steps[0].arguments = ptime;
    steps[0].argument_count = 1;
    run(&world, steps, 1, false);
    assert_told(0, "update_media", ACTION_DONE, "");
    assert_string_equal(asked, "play(pcma music)");
    if (!strstr(world.bob.said, "a=ptime:40\r\n"))
        fail_msg("bob heard %s", world.bob.said);
    world_end(&world);
}

static void a_refused_offer_changes_neither_source_nor_packet_time(void **state)
{
    (void)state;
    struct world world = {.bob = {.refuses = true}};
    struct step steps[] = {source(at(50, "update_media"), "music")};
    run(&world, steps, 1, false);
    assert_told(0, "update_media", ACTION_FAILED, "it was refused with status 488");
    assert_string_equal(asked, "");
    world_end(&world);
}

static void the_network_becomes_another_one(void **state)
{
    (void)state;
    struct world world = {0};
    const struct step_argument receive[] = {{"direction", "receive"}};
    struct step steps[] = {at(50, "impair"), at(100, "impair")};
    steps[0].impairment = (const struct impairment_config *)"loss";
    steps[1].arguments = receive;
    steps[1].argument_count = 1;
    run(&world, steps, 2, false);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_string_equal(asked, "impair(send loss) impair(receive loss) impair(receive nothing)");
    world_end(&world);
}

static void a_deferred_track_is_inactive_until_it_is_activated(void **state)
{
    (void)state;
    struct world world = {0};
    struct step steps[] = {at(100, "activate"), at(300, "deactivate")};
    run(&world, steps, 2, true);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_told(0, "activate", ACTION_DONE, "");
    assert_string_equal(told[0].observed, "status 200, sendrecv, pcma");
    assert_told(1, "deactivate", ACTION_DONE, "");
    assert_string_equal(told[1].observed, "status 200, inactive, pcma");
    assert_string_equal(world.media, "open start(pcma:7000) update(pcma:7000,send,receive) "
                                     "update(pcma:7000) quiet close");
    world_end(&world);
}

static void changes(struct world *world)
{
    int64_t now = clock_now();
    endpoint_media_changed(world->endpoint, STREAM_STARTED, now - 20 * NS_PER_MS);
    endpoint_media_changed(world->endpoint, STREAM_SILENCE, now - 10 * NS_PER_MS);
    endpoint_media_changed(world->endpoint, STREAM_AUDIO, now);
    endpoint_media_changed(world->endpoint, STREAM_STOPPED, now);
}

static const char *mute_and_hear(void *service_, uint32_t id, const struct session_media *media,
                                 bool mute)
{
    (void)service_;
    (void)id;
    (void)media;
    if (mute)
        changes(present);
    return NULL;
}

static void what_comes_of_the_media_begins_steps(void **state)
{
    (void)state;
    struct world world = {0};
    struct media_service hearing = service;
    hearing.mute = mute_and_hear;
    const char *const triggers_[] = {"media_started", "media_stopped", "audio_heard"};
    struct step steps[4] = {at(50, "mute")};
    for (size_t i = 0; i < 3; i++)
        steps[1 + i] = (struct step){.when = STEP_ON,
                                     .on = trigger_find(triggers_[i]),
                                     .times = 1,
                                     .action = action_find("unmute")};
    run_with(&world, &hearing, steps, 4, false);
    assert_outcome(&world, OUTCOME_SUCCESS, FAILURE_NONE, "");
    assert_int_equal(told_count, 4);
    assert_string_equal(told[1].trigger, "on media_started");
    assert_int_equal(told[2].planned_ns - told[1].planned_ns, 20 * NS_PER_MS);
    assert_string_equal(told[2].trigger, "on media_stopped");
    assert_string_equal(told[3].trigger, "on audio_heard");
    world_end(&world);
}

SPECIFICATION_IN_REAL_TIME(
    cmocka_unit_test(the_source_of_the_call_changes),
    cmocka_unit_test(what_is_played_once_fails_when_something_else_is_played),
    cmocka_unit_test(nothing_is_played_once_into_a_hold_and_a_refusal_says_why),
    cmocka_unit_test(a_source_that_was_offered_is_sent_when_the_offer_is_accepted),
    cmocka_unit_test(a_refused_offer_changes_neither_source_nor_packet_time),
    cmocka_unit_test(the_network_becomes_another_one),
    cmocka_unit_test(a_deferred_track_is_inactive_until_it_is_activated),
    cmocka_unit_test(what_comes_of_the_media_begins_steps))
