/* Session timers (RFC 4028): a second of them is a few milliseconds here. */
#include "support/specification.h"
#include "dialog_scene.h"

#define FAST (NS_PER_S / 40)

static void open_timers(struct scene *scene, uint32_t expires)
{
    scene_open(scene);
    struct party *both[] = {&scene->alice, &scene->bob};
    for (int i = 0; i < 2; i++) {
        both[i]->options.timer = USE_SUPPORTED;
        both[i]->options.timer_expires = expires;
        both[i]->options.timer_min = 2;
    }
}

/* The timers start with the answer: they are made short before it. */
static void connect_fast(struct scene *scene)
{
    call(&scene->alice, "sip:bob@example.test", SDP_OFFER, NULL);
    scene->alice.dialog->second_ns = FAST;
    await(&scene->bob, "invited");
    scene->bob.dialog->second_ns = FAST;
    dialog_answer(scene->bob.dialog, SDP_ANSWER);
    await(&scene->alice, "answered");
    await(&scene->bob, "confirmed");
}

static void caller_refreshes_by_update(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 8);
    scene.alice.options.refresher = REFRESHER_UAC;
    connect_fast(&scene);
    assert_true(scene.alice.dialog->session.ours);
    assert_false(scene.bob.dialog->session.ours);
    for (int i = 0; i < 3; i++) {
        await(&scene.alice, "refreshed by us;");
        await(&scene.bob, "refreshed by peer;");
    }
    scene_hang_up(&scene);
    assert_wire(&scene.alice, ">ACK >UPDATE <200 >UPDATE <200 ");
    assert_true(scene.alice.end.refreshes >= 3 && scene.bob.end.refreshes >= 3);
    scene_close(&scene);
}

static void callee_refreshes_when_that_is_asked_for(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 8);
    scene.alice.options.refresher = REFRESHER_UAS;
    connect_fast(&scene);
    assert_true(scene.bob.dialog->session.ours);
    await(&scene.bob, "refreshed by us;");
    await(&scene.alice, "refreshed by peer;");
    await(&scene.bob, "refreshed by us;");
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void without_update_the_description_is_offered_again(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 8);
    connect_fast(&scene);
    scene.alice.dialog->peer_update = false;
    dialog_describe(scene.alice.dialog, "v=0 unchanged");
    await(&scene.bob, "offered v=0 unchanged");
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    await(&scene.alice, "refreshed by us;");
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void too_short_an_interval_is_refused_and_asked_for_again(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 8);
    scene.bob.options.timer_min = 1000;
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "ended 422");
    await(&scene.bob, "invited");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    await(&scene.alice, "answered");
    await(&scene.bob, "confirmed");
    assert_int_equal(scene.alice.dialog->session.expires, 1000);
    assert_int_equal(scene.bob.dialog->session.expires, 1000);
    dialog_hangup(scene.alice.dialog, NULL);
    await(&scene.alice, "ended 200");
    assert_wire(&scene.alice, ">INVITE <422 >ACK >INVITE <200 >ACK ");
    scene_close(&scene);
}

static void a_422_that_asks_for_no_more_ends_it(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 100);
    peer_is_called(&scene);
    peer_reply(&scene, "422 Too Small", "a", "Min-SE: 200\r\n", "");
    peer_expect(&scene, "ACK ");
    const char *again = peer_expect(&scene, "INVITE ");
    assert_string_equal(header(again, "Session-Expires", 0), "200");
    assert_string_equal(header(again, "Min-SE", 0), "200");
    peer_reply(&scene, "422 Too Small", "a", "Min-SE: 200\r\n", "");
    await(&scene.alice, "ended 422");
    scene_close(&scene);
}

static void who_requires_timers_refuses_others(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 100);
    scene.bob.options.timer = USE_REQUIRED;
    peer_invite(&scene, "INVITE", "", SDP_OFFER);
    assert_string_equal(header(peer_expect(&scene, "SIP/2.0 421"), "Require", 0), "timer");
    await(&scene.bob, "ended 421");
    scene_close(&scene);
}

static void missing_refresh_of_the_peer_ends_the_call(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 6);
    peer_is_called(&scene);
    scene.alice.dialog->second_ns = FAST;
    peer_reply(&scene, "200 OK", "a", "Session-Expires: 6;refresher=uas\r\n", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    const char *bye = peer_expect(&scene, "BYE ");
    assert_string_equal(header(bye, "Reason", 0), "SIP;cause=408;text=\"Session timer expired\"");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_true(scene.alice.end.expired);
    scene_close(&scene);
}

static void soft_expiry_is_told_and_the_call_goes_on(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 6);
    scene.alice.options.soft_expiry = true;
    peer_is_called(&scene);
    scene.alice.dialog->second_ns = FAST;
    peer_reply(&scene, "200 OK", "a", "Session-Expires: 6;refresher=uas\r\n", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    await(&scene.alice, "refreshed by peer: no");
    peer_expect_nothing(&scene);
    scene_close(&scene);
}

static void refresh_that_is_not_known_ends_the_call(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 8);
    peer_is_called(&scene);
    scene.alice.dialog->second_ns = FAST;
    peer_reply(&scene, "200 OK", "a",
               "Allow: UPDATE\r\nRequire: timer\r\nSession-Expires: 8;refresher=uac\r\n",
               SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    const char *update = peer_expect(&scene, "UPDATE ");
    assert_string_equal(header(update, "Session-Expires", 0), "8;refresher=uac");
    peer_reply(&scene, "481 Unknown", NULL, "", "");
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_true(scene.alice.end.expired);
    scene_close(&scene);
}

static void refused_refresh_is_tried_again_before_the_end(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 20);
    peer_is_called(&scene);
    scene.alice.dialog->second_ns = FAST;
    peer_reply(&scene, "200 OK", "a", "Allow: UPDATE\r\nSession-Expires: 20;refresher=uac\r\n",
               SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "UPDATE ");
    peer_reply(&scene, "503 Busy", NULL, "", "");
    peer_expect(&scene, "UPDATE ");
    peer_reply(&scene, "200 OK", NULL, "Session-Expires: 20;refresher=uac\r\n", "");
    await(&scene.alice, "refreshed by us;");
    scene_close(&scene);
}

/* A proxy has added it for a caller that knows nothing of timers (RFC 4028 8.1). */
static void session_expires_of_a_proxy_is_ours_to_refresh(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 0);
    peer_invite(&scene, "INVITE", "Session-Expires: 8\r\nMin-SE: 4\r\nAllow: UPDATE\r\n",
                SDP_OFFER);
    await(&scene.bob, "invited");
    scene.bob.dialog->second_ns = FAST;
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    const char *answer = peer_expect(&scene, "SIP/2.0 200");
    assert_string_equal(header(answer, "Session-Expires", 0), "8;refresher=uas");
    assert_null(header(answer, "Require", 0));
    peer_learn(&scene.peer, answer, NULL);
    peer_request_as(&scene, &scene.bob, "ACK", scene.peer.cseq, "", SDP_TYPE, "");
    peer_expect(&scene, "UPDATE ");
    scene_close(&scene);
}

static void timers_that_are_off_are_not_spoken_of(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_calls(&scene, "Supported: timer\r\nSession-Expires: 100\r\n");
    assert_null(header(scene.peer.message, "Session-Expires", 0));
    assert_int_equal(scene.bob.dialog->session.expires, 0);
    scene_close(&scene);
}

static void peers_interval_is_bounded(void **state)
{
    (void)state;
    struct scene scene;
    open_timers(&scene, 100);
    peer_connects(&scene, "Session-Expires: 0;refresher=uac\r\n");
    assert_int_equal(scene.alice.dialog->session.expires, 2);
    peer_request(&scene, &scene.alice, "UPDATE", "Supported: timer\r\nSession-Expires: 1\r\n", "");
    assert_string_equal(header(peer_expect_past(&scene, "SIP/2.0 422", "UPDATE "), "Min-SE", 0),
                        "2");
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(caller_refreshes_by_update),
              cmocka_unit_test(callee_refreshes_when_that_is_asked_for),
              cmocka_unit_test(without_update_the_description_is_offered_again),
              cmocka_unit_test(too_short_an_interval_is_refused_and_asked_for_again),
              cmocka_unit_test(a_422_that_asks_for_no_more_ends_it),
              cmocka_unit_test(who_requires_timers_refuses_others),
              cmocka_unit_test(missing_refresh_of_the_peer_ends_the_call),
              cmocka_unit_test(soft_expiry_is_told_and_the_call_goes_on),
              cmocka_unit_test(refresh_that_is_not_known_ends_the_call),
              cmocka_unit_test(refused_refresh_is_tried_again_before_the_end),
              cmocka_unit_test(session_expires_of_a_proxy_is_ours_to_refresh),
              cmocka_unit_test(timers_that_are_off_are_not_spoken_of),
              cmocka_unit_test(peers_interval_is_bounded))
