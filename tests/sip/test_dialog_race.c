/* What crosses on the wire, what is lost, and what comes again. */
#include "support/specification.h"
#include "dialog_scene.h"

static void cancel_waits_for_a_provisional_response(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    dialog_hangup(scene.alice.dialog, "Reason: SIP;cause=200;text=\"elsewhere\"\r\n");
    peer_expect_nothing(&scene);
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply(&scene, "100 Trying", NULL, "", "");
    const char *cancel = peer_expect(&scene, "CANCEL ");
    assert_string_equal(header(cancel, "Reason", 0), "SIP;cause=200;text=\"elsewhere\"");
    peer_reply(&scene, "200 OK", "a", "", "");
    peer_reply_to(&scene, &scene.alice, invite, "487 Terminated", "a", "", "");
    peer_expect(&scene, "ACK ");
    await(&scene.alice, "ended 487");
    scene_close(&scene);
}

static void cancel_that_crosses_a_200_becomes_a_bye(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply(&scene, "180 Ringing", "a", "", "");
    await(&scene.alice, "progress 180");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "CANCEL ");
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_null(strstr(scene.alice.told, "answered"));
    scene_close(&scene);
}

static void unanswered_cancel_has_an_end(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.alice);
    peer_is_called(&scene);
    dialog_hangup(scene.alice.dialog, NULL);
    await(&scene.alice, "ended 0");
    assert_string_equal(scene.alice.end.reason, "no answer");
    scene_close(&scene);
}

static void every_repeated_200_is_acknowledged_again(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    for (int i = 0; i < 3; i++) {
        peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", SDP_ANSWER);
        peer_expect(&scene, "ACK ");
    }
    assert_told(&scene.alice, "answered " SDP_ANSWER "; ");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    /* Also when the call is over, and forgotten. */
    dialog_free(scene.alice.dialog);
    scene.alice.dialog = NULL;
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    scene_close(&scene);
}

/* Of the INVITE nothing is kept by then but what an ACK is made of. */
static void every_repeated_refusal_is_acknowledged_again(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    char invite[8192], first[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply_to(&scene, &scene.alice, invite, "486 Busy Here", "a", "", "");
    text_copy(first, sizeof first, peer_expect(&scene, "ACK "));
    await(&scene.alice, "ended 486");
    for (int i = 0; i < 2; i++) {
        peer_reply_to(&scene, &scene.alice, invite, "486 Busy Here", "a", "", "");
        assert_string_equal(peer_expect(&scene, "ACK "), first);
    }
    scene_close(&scene);
}

static void a_200_is_repeated_until_its_ack(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.bob);
    peer_invite(&scene, "INVITE", "", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    peer_expect(&scene, "SIP/2.0 200");
    peer_expect(&scene, "SIP/2.0 200");
    peer_learn(&scene.peer, peer_expect(&scene, "SIP/2.0 200"), NULL);
    peer_request_as(&scene, &scene.bob, "ACK", scene.peer.cseq, "", SDP_TYPE, "");
    await(&scene.bob, "confirmed");
    peer_expect_nothing(&scene);
    assert_wire(&scene.bob, ">200 +>200 +>200 <ACK ");
    scene_close(&scene);
}

static void lost_ack_ends_the_call_with_bye(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.bob);
    peer_invite(&scene, "INVITE", "", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    peer_expect(&scene, "SIP/2.0 200");
    dialog_hangup(scene.bob.dialog, NULL); /* has to wait for the ACK */
    peer_expect_past(&scene, "BYE ", "SIP/2.0 200");
    peer_reply_to(&scene, &scene.bob, scene.peer.request, "200 OK", NULL, "", "");
    await(&scene.bob, "ended 200");
    assert_true(scene.bob.end.no_ack);
    assert_null(strstr(scene.bob.told, "confirmed"));
    scene_close(&scene);
}

static void bye_in_the_place_of_the_ack(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_invite(&scene, "INVITE", "", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    peer_learn(&scene.peer, peer_expect(&scene, "SIP/2.0 200"), NULL);
    peer_request(&scene, &scene.bob, "BYE", "Reason: Q.850;cause=16;text=\"Normal\"\r\n", "");
    peer_expect(&scene, "SIP/2.0 200");
    await(&scene.bob, "ended 200");
    assert_true(scene.bob.end.by_peer);
    assert_string_equal(scene.bob.end.cause, "Q.850;cause=16;text=\"Normal\"");
    scene_close(&scene);
}

static void bye_ends_a_call_that_rings(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_invite(&scene, "INVITE", "", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 180, NULL);
    peer_learn(&scene.peer, peer_expect(&scene, "SIP/2.0 180"), NULL);
    peer_request(&scene, &scene.bob, "BYE", "", "");
    const char *first = peer_receive(&scene, PATIENCE);
    assert_non_null(strstr(first, "CSeq: 2 BYE") ? first : strstr(first, "SIP/2.0 487"));
    peer_receive(&scene, PATIENCE);
    await(&scene.bob, "ended 487");
    assert_true(scene.bob.end.by_peer);
    scene_close(&scene);
}

static void bye_that_overtakes_its_200_ends_the_call(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_learn(&scene.peer, invite, "a");
    peer_request(&scene, &scene.alice, "BYE", "", "");
    peer_expect(&scene, "SIP/2.0 200");
    assert_int_equal(scene.alice.ended, 0);
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    await(&scene.alice, "ended 200");
    assert_true(scene.alice.end.by_peer);
    scene_close(&scene);
}

static void both_hang_up_at_once(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    dialog_hangup(scene.alice.dialog, NULL);
    dialog_hangup(scene.bob.dialog, NULL);
    await(&scene.alice, "ended 200");
    await(&scene.bob, "ended 200");
    assert_false(scene.alice.end.by_peer || scene.bob.end.by_peer);
    assert_false(scene.alice.end.bye_failed || scene.bob.end.bye_failed);
    scene_close(&scene);
}

static void lost_bye_is_told(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.alice);
    peer_connects(&scene, "");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_expect(&scene, "BYE ");
    await(&scene.alice, "ended 200");
    assert_true(scene.alice.end.bye_failed);
    assert_false(scene.alice.end.bye_unsent);
    assert_int_equal(scene.alice.end.bye_status, 0);
    assert_int_equal(scene.alice.end.teardown_ns, EVENT_NONE);
    scene_close(&scene);
}

static void a_bye_that_is_refused_is_told_with_its_status(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "500 Oops", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_true(scene.alice.end.bye_failed);
    assert_int_equal(scene.alice.end.bye_status, 500);
    scene_close(&scene);
}

static void bye_of_a_peer_that_has_forgotten_the_call_is_fine(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "481 Gone", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_false(scene.alice.end.bye_failed);
    assert_true(scene.alice.end.teardown_ns > 0);
    scene_close(&scene);
}

static void requests_after_the_end_are_481(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    peer_request(&scene, &scene.alice, "BYE", "", "");
    peer_expect(&scene, "SIP/2.0 200");
    await(&scene.alice, "ended 200");
    peer_request(&scene, &scene.alice, "BYE", "", "");
    peer_expect(&scene, "SIP/2.0 481");
    peer_request(&scene, &scene.alice, "INVITE", "", SDP_OFFER);
    peer_expect(&scene, "SIP/2.0 481");
    dialog_free(scene.alice.dialog);
    scene.alice.dialog = NULL;
    peer_request(&scene, &scene.alice, "INFO", "", "");
    peer_expect_past(&scene, "SIP/2.0 481", "SIP/2.0 481 Call Leg/Transaction Does Not Exist\r\nX");
    scene_close(&scene);
}

static void reason_of_a_refusal_is_kept(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "invited");
    dialog_reject(scene.bob.dialog, 603, "Not Today",
                  "Reason: Q.850;cause=21\r\nRetry-After: 30\r\n");
    await(&scene.alice, "ended 603");
    assert_string_equal(scene.alice.end.reason, "Not Today");
    assert_string_equal(scene.alice.end.cause, "Q.850;cause=21");
    assert_int_equal(scene.alice.end.retry_after, 30);
    scene_close(&scene);
}

static void cancel_is_told_with_its_reason(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 180, NULL);
    await(&scene.alice, "progress 180");
    dialog_hangup(scene.alice.dialog, "Reason: SIP;cause=200\r\n");
    await(&scene.alice, "ended 487");
    await(&scene.bob, "ended 487");
    assert_string_equal(scene.bob.end.cause, "SIP;cause=200");
    assert_true(scene.bob.end.by_peer);
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(cancel_waits_for_a_provisional_response),
              cmocka_unit_test(cancel_that_crosses_a_200_becomes_a_bye),
              cmocka_unit_test(unanswered_cancel_has_an_end),
              cmocka_unit_test(every_repeated_200_is_acknowledged_again),
              cmocka_unit_test(every_repeated_refusal_is_acknowledged_again),
              cmocka_unit_test(a_200_is_repeated_until_its_ack),
              cmocka_unit_test(lost_ack_ends_the_call_with_bye),
              cmocka_unit_test(bye_in_the_place_of_the_ack),
              cmocka_unit_test(bye_ends_a_call_that_rings),
              cmocka_unit_test(bye_that_overtakes_its_200_ends_the_call),
              cmocka_unit_test(both_hang_up_at_once), cmocka_unit_test(lost_bye_is_told),
              cmocka_unit_test(a_bye_that_is_refused_is_told_with_its_status),
              cmocka_unit_test(bye_of_a_peer_that_has_forgotten_the_call_is_fine),
              cmocka_unit_test(requests_after_the_end_are_481),
              cmocka_unit_test(reason_of_a_refusal_is_kept),
              cmocka_unit_test(cancel_is_told_with_its_reason))
