/* Steps about media, under a clock of the test's own. */
#include "support/specification.h"
#include "cmtest/player.h"

#include <stdio.h>
#include <string.h>

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

/* A phone that takes notes, and does what needs no answer at once. */
struct phone {
    struct player *player;
    int64_t now;
    char asked[1024]; /* "2000:mute(on) ..." */
    char told[1024];  /* "2000:mute done ..." */
    uint32_t ticket;  /* of what waits for an end */
    struct event_action last;
};

static void note(struct phone *phone, const char *what, const char *detail)
{
    size_t length = strlen(phone->asked);
    snprintf(phone->asked + length, sizeof phone->asked - length, "%s%lld:%s(%s)",
             length ? " " : "", (long long)(phone->now / MS), what, detail);
}

static void done(struct phone *phone, uint32_t ticket)
{
    player_done(phone->player, phone->now, ticket, &(struct report){.ok = true});
}

static const char *play(void *who, uint32_t ticket, const struct audio *audio, bool once,
                        int64_t length_ns)
{
    struct phone *phone = who;
    char text[80];
    snprintf(text, sizeof text, "%s%s %lld", (const char *)audio, once ? " once" : "",
             (long long)(length_ns / MS));
    note(phone, "play", text);
    if (once || length_ns)
        phone->ticket = ticket;
    else
        done(phone, ticket);
    return NULL;
}

static const char *mute(void *who, uint32_t ticket, bool on)
{
    note(who, "mute", on ? "on" : "off");
    done(who, ticket);
    return NULL;
}

static const char *impair(void *who, uint32_t ticket, bool send, bool receive,
                          const struct impairment_config *config)
{
    char text[80];
    snprintf(text, sizeof text, "%s%s%s", send ? "send " : "", receive ? "receive " : "",
             config ? (const char *)config : "nothing");
    note(who, "impair", text);
    done(who, ticket);
    return NULL;
}

static const char *offer(void *who, uint32_t ticket, const struct proposal *change)
{
    char text[80];
    snprintf(text, sizeof text, "%s %u %s", change->direction ? change->direction : "as is",
             (unsigned)change->ptime_ms, change->audio ? (const char *)change->audio : "-");
    note(who, "offer", text);
    done(who, ticket);
    return NULL;
}

static const struct performer performer = {
    .play = play, .mute = mute, .impair = impair, .offer = offer};

static void tell(void *who, const struct event_action *action)
{
    struct phone *phone = who;
    size_t length = strlen(phone->told);
    snprintf(phone->told + length, sizeof phone->told - length, "%s%lld:%s %s", length ? " " : "",
             (long long)(phone->now / MS), action->action, action_result_name(action->result));
    phone->last = *action;
}

static void until(struct phone *phone, int64_t at)
{
    while (player_next(phone->player) <= at) {
        if (player_next(phone->player) > phone->now)
            phone->now = player_next(phone->player);
        player_tick(phone->player, phone->now);
    }
    phone->now = at;
}

/* It is noticed so much later than it was. */
static void happens(struct phone *phone, int64_t at, int64_t later, enum occurrence_kind kind)
{
    until(phone, at + later);
    player_occurred(phone->player, at + later, at, &(struct occurrence){.kind = kind});
}

static void answered(struct phone *phone)
{
    happens(phone, 0, 0, OCCURRED_ANSWERED);
}

#define OPEN(...)                                                         \
    const struct step steps[] = {__VA_ARGS__};                            \
    const struct script script = {steps, sizeof steps / sizeof steps[0]}; \
    struct phone phone = {0};                                             \
    phone.player = player_new(&script, &performer, &phone, tell)

static struct step at(int64_t ns, const char *action)
{
    return (struct step){
        .when = STEP_AT, .from = OCCURRED_ANSWERED, .at_ns = ns, .action = action_find(action)};
}

static struct step on(const char *trigger, const char *action)
{
    return (struct step){
        .when = STEP_ON, .on = trigger_find(trigger), .times = 1, .action = action_find(action)};
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

static void a_source_is_played_from_now_on_or_once_to_its_end(void **state)
{
    (void)state;
    struct step music = at(S, "play"),
                prompt = WITH(at(2 * S, "play"), {"loop", "false"}, {"length", "5000000000"});
    struct step after = {.when = STEP_AFTER, .after = 1, .action = action_find("unmute")};
    music.audio = (const struct audio *)"music";
    prompt.audio = (const struct audio *)"prompt";
    prompt.name = "prompt";
    OPEN(music, prompt, after);
    answered(&phone);
    until(&phone, 3 * S);
    assert_string_equal(phone.asked, "1000:play(music 0) 2000:play(prompt once 5000)");
    assert_string_equal(phone.told, "1000:play done");
    done(&phone, phone.ticket);
    assert_string_equal(phone.told, "1000:play done 3000:play done 3000:unmute done");
    player_free(phone.player);
}

static void muting_lasts_its_length_or_until_it_is_ended(void **state)
{
    (void)state;
    struct step after = {.when = STEP_AFTER, .action = action_find("unmute")};
    struct step shortly = WITH(at(S, "mute"), {"length", "2000000000"});
    shortly.name = "shortly";
    OPEN(shortly, at(5 * S, "mute"), at(7 * S, "unmute"), after);
    answered(&phone);
    until(&phone, 9 * S);
    assert_string_equal(phone.asked, "1000:mute(on) 3000:mute(off) 3000:mute(off) 5000:mute(on) "
                                     "7000:mute(off)");
    assert_string_equal(phone.told,
                        "3000:mute done 3000:unmute done 5000:mute done 7000:unmute done");
    player_free(phone.player);
}

static void what_is_done_to_packets_changes_in_the_named_direction(void **state)
{
    (void)state;
    struct step loss = at(S, "impair"), one = WITH(at(2 * S, "impair"), {"direction", "receive"});
    loss.impairment = one.impairment = (const struct impairment_config *)"loss";
    OPEN(loss, one, WITH(at(3 * S, "impair"), {"direction", "send"}));
    answered(&phone);
    until(&phone, 4 * S);
    assert_string_equal(phone.asked, "1000:impair(send receive loss) 2000:impair(receive loss) "
                                     "3000:impair(send nothing)");
    player_free(phone.player);
}

static void offers_name_a_packet_time_and_a_source_and_tracks_come_and_go(void **state)
{
    (void)state;
    struct step media = WITH(at(S, "update_media"), {"ptime", "40000000"});
    media.audio = (const struct audio *)"music";
    OPEN(media, at(2 * S, "deactivate"), at(3 * S, "activate"));
    answered(&phone);
    until(&phone, 4 * S);
    assert_string_equal(phone.asked, "1000:offer(as is 40 music) 2000:offer(inactive 0 -) "
                                     "3000:offer(sendrecv 0 -)");
    player_free(phone.player);
}

static void media_that_starts_and_stops_begins_steps(void **state)
{
    (void)state;
    struct step stopped = on("media_stopped", "unmute");
    stopped.times = 0;
    OPEN(on("media_started", "mute"), stopped);
    answered(&phone);
    happens(&phone, 100 * MS, 0, OCCURRED_STARTED);
    happens(&phone, S, 500 * MS, OCCURRED_STOPPED);
    happens(&phone, 2 * S, 0, OCCURRED_STARTED);
    happens(&phone, 3 * S, 500 * MS, OCCURRED_STOPPED);
    assert_string_equal(phone.asked, "100:mute(on) 1500:mute(off) 3500:mute(off)");
    assert_int_equal(phone.last.planned_ns, 3 * S);
    player_free(phone.player);
}

static void a_trigger_of_sound_waits_until_it_has_lasted(void **state)
{
    (void)state;
    struct step silence = WITH(on("silence_heard", "mute"), {"lasting", "700000000"});
    silence.times = 2;
    OPEN(silence, on("audio_heard", "unmute"));
    answered(&phone);
    happens(&phone, S, 120 * MS, OCCURRED_SILENCE);
    happens(&phone, 1500 * MS, 40 * MS, OCCURRED_AUDIO); /* too early */
    assert_string_equal(phone.asked, "");
    happens(&phone, 2 * S, 120 * MS, OCCURRED_SILENCE);
    until(&phone, 9 * S); /* once in each silence */
    happens(&phone, 9 * S, 40 * MS, OCCURRED_AUDIO);
    happens(&phone, 10 * S, 120 * MS, OCCURRED_SILENCE);
    happens(&phone, 12 * S, 40 * MS, OCCURRED_AUDIO);
    happens(&phone, 13 * S, 120 * MS, OCCURRED_SILENCE);
    until(&phone, 20 * S);
    assert_string_equal(phone.asked, "1600:mute(off) 2700:mute(on) 10700:mute(on)");
    player_free(phone.player);
}

static void a_trigger_of_sound_that_does_not_come_in_time_has_failed(void **state)
{
    (void)state;
    struct step heard = on("audio_heard", "mute");
    heard.within_ns = 3 * S;
    OPEN(heard);
    answered(&phone);
    happens(&phone, S, 120 * MS, OCCURRED_SILENCE);
    happens(&phone, 4 * S, 40 * MS, OCCURRED_AUDIO);
    until(&phone, 9 * S);
    assert_string_equal(phone.told, "3000:mute failed");
    assert_string_equal(phone.last.detail, "audio_heard did not happen within 3 s");
    player_free(phone.player);
}

static void listening_is_done_when_it_was_heard_since_the_step_began(void **state)
{
    (void)state;
    struct step prompt = at(0, "listen");
    struct step over = WITH(((struct step){.when = STEP_AFTER, .action = action_find("listen")}),
                            {"for", "silence"}, {"lasting", "500000000"});
    struct step next = {.when = STEP_AFTER, .after = 1, .action = action_find("listen")};
    prompt.name = "prompt";
    over.name = "over";
    OPEN(prompt, over, next);
    answered(&phone);
    happens(&phone, S, 120 * MS, OCCURRED_SILENCE);
    happens(&phone, 2 * S, 40 * MS, OCCURRED_AUDIO);
    until(&phone, 3 * S);
    assert_string_equal(phone.told, "2100:listen done");
    happens(&phone, 4 * S, 120 * MS, OCCURRED_SILENCE);
    happens(&phone, 4300 * MS, 40 * MS, OCCURRED_AUDIO); /* a pause of the prompt */
    happens(&phone, 5 * S, 120 * MS, OCCURRED_SILENCE);
    until(&phone, 7 * S);
    assert_string_equal(phone.told, "2100:listen done 5500:listen done");
    happens(&phone, 8 * S, 40 * MS, OCCURRED_AUDIO);
    until(&phone, 9 * S);
    assert_string_equal(phone.told, "2100:listen done 5500:listen done 8100:listen done");
    player_free(phone.player);
}

/* What was there before does not count: a prompt that goes on is heard for its whole length. */
static void listening_counts_from_the_beginning_of_the_step(void **state)
{
    (void)state;
    OPEN(WITH(at(3 * S, "listen"), {"lasting", "2000000000"}));
    answered(&phone);
    happens(&phone, 100 * MS, 40 * MS, OCCURRED_AUDIO);
    until(&phone, 9 * S);
    assert_string_equal(phone.told, "5000:listen done");
    player_free(phone.player);
}

static void listening_in_vain_says_what_there_was(void **state)
{
    (void)state;
    OPEN(WITH(at(0, "listen"), {"timeout", "2000000000"}),
         WITH(at(4 * S, "listen"), {"timeout", "2000000000"}),
         WITH(at(8 * S, "listen"), {"for", "silence"}, {"timeout", "3000000000"}));
    answered(&phone);
    until(&phone, 3 * S);
    assert_string_equal(phone.last.detail,
                        "no audio of 0.1 s was heard within 2 s; at its end there was nothing");
    happens(&phone, 3 * S, 120 * MS, OCCURRED_SILENCE);
    until(&phone, 7 * S);
    assert_string_equal(phone.last.detail,
                        "no audio of 0.1 s was heard within 2 s; at its end there was silence");
    happens(&phone, 7 * S, 40 * MS, OCCURRED_AUDIO);
    until(&phone, 12 * S);
    assert_string_equal(phone.last.detail,
                        "no silence of 1 s was heard within 3 s; at its end there was audio");
    assert_string_equal(phone.told, "2000:listen failed 6000:listen failed 11000:listen failed");
    player_free(phone.player);
}

SPECIFICATION(cmocka_unit_test(a_source_is_played_from_now_on_or_once_to_its_end),
              cmocka_unit_test(muting_lasts_its_length_or_until_it_is_ended),
              cmocka_unit_test(what_is_done_to_packets_changes_in_the_named_direction),
              cmocka_unit_test(offers_name_a_packet_time_and_a_source_and_tracks_come_and_go),
              cmocka_unit_test(media_that_starts_and_stops_begins_steps),
              cmocka_unit_test(a_trigger_of_sound_waits_until_it_has_lasted),
              cmocka_unit_test(a_trigger_of_sound_that_does_not_come_in_time_has_failed),
              cmocka_unit_test(listening_is_done_when_it_was_heard_since_the_step_began),
              cmocka_unit_test(listening_counts_from_the_beginning_of_the_step),
              cmocka_unit_test(listening_in_vain_says_what_there_was))
