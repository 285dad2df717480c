/* Offers in the middle of a call: re-INVITE and UPDATE, both roles, and when they collide. */
#include "support/specification.h"
#include "dialog_scene.h"

static void both_sides_change_the_session(const char *method)
{
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    assert_true(dialog_renegotiate(scene.alice.dialog, method, SDP_OTHER));
    assert_false(dialog_renegotiate(scene.alice.dialog, method, SDP_OTHER)); /* one at a time */
    await(&scene.bob, "offered " SDP_OTHER);
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    /* The ACK may still be on its way to him. */
    while (!dialog_renegotiate(scene.bob.dialog, method, SDP_OTHER))
        work(&scene);
    await(&scene.alice, "offered " SDP_OTHER);
    await(&scene.bob, "agreed 200 " SDP_ANSWER);
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void reinvite_from_both_sides(void **state)
{
    (void)state;
    both_sides_change_the_session("INVITE");
}

static void update_from_both_sides(void **state)
{
    (void)state;
    both_sides_change_the_session("UPDATE");
}

static void refused_offer_leaves_the_call_as_it_is(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    scene.bob.answer = NULL;
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    await(&scene.alice, "agreed 488;");
    assert_true(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    await(&scene.alice, "agreed 488;");
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", NULL));
    await(&scene.alice, "agreed 488;");
    assert_wire(&scene.alice, ">INVITE <488 >ACK >UPDATE <488 >INVITE <488 >ACK ");
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void reinvite_without_sdp_asks_for_an_offer(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    scene.bob.answer = SDP_OTHER;
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", NULL));
    await(&scene.bob, "offered;");
    await(&scene.alice, "offered " SDP_OTHER);
    await(&scene.bob, "agreed 200 " SDP_ANSWER);
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void nothing_is_offered_before_the_call_or_after_it(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    assert_false(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    await(&scene.bob, "invited");
    assert_false(dialog_renegotiate(scene.bob.dialog, "INVITE", SDP_OTHER));
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    await(&scene.bob, "confirmed");
    scene_hang_up(&scene);
    assert_false(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    assert_false(dialog_refresh(scene.alice.dialog, NULL, SDP_OTHER));
    scene_close(&scene);
}

static void a_refresh_that_is_refused_is_told_whatever_carried_it(void **state)
{
    (void)state;
    static const char *const methods[] = {"INVITE", "UPDATE"};
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    assert_true(dialog_peer_updates(scene.alice.dialog));
    scene.bob.answer = SDP_ANSWER;
    for (int i = 0; i < 2; i++) {
        assert_true(dialog_refresh(scene.alice.dialog, methods[i], SDP_OTHER));
        assert_false(dialog_refresh(scene.alice.dialog, methods[i], SDP_OTHER));
        await(&scene.alice, "refreshed");
    }
    scene.bob.answer = NULL;
    assert_true(dialog_refresh(scene.alice.dialog, "INVITE", SDP_OTHER));
    await(&scene.alice, "agreed 488");
    scene_hang_up(&scene);
    scene_close(&scene);
}

/* Both at once: both are told 491, wait differently long, and both come through. */
static void offers_that_cross_are_made_again(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    scene.alice.dialog->second_ns = scene.bob.dialog->second_ns = NS_PER_S / 20;
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", "v=0 from alice"));
    assert_true(dialog_renegotiate(scene.bob.dialog, "INVITE", "v=0 from bob"));
    await(&scene.alice, "offered v=0 from bob");
    await(&scene.bob, "agreed 200 " SDP_ANSWER);
    await(&scene.bob, "offered v=0 from alice");
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    assert_wire(&scene.alice, "491");
    assert_null(strstr(scene.alice.told, "agreed 491"));
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void offer_while_ours_is_out_is_491(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "Allow: INVITE, UPDATE\r\n");
    assert_true(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    peer_expect(&scene, "UPDATE ");
    peer_request(&scene, &scene.alice, "UPDATE", "", SDP_OFFER);
    peer_expect_past(&scene, "SIP/2.0 491", "UPDATE ");
    peer_request(&scene, &scene.alice, "INVITE", "", SDP_OFFER);
    uint32_t cseq = scene.peer.cseq;
    peer_expect_past(&scene, "SIP/2.0 491", "UPDATE ");
    peer_request_as(&scene, &scene.alice, "ACK", cseq, "", SDP_TYPE, "");
    peer_reply(&scene, "200 OK", NULL, "", SDP_ANSWER);
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    scene_close(&scene);
}

static void perpetual_491_is_told_after_a_few_tries(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    scene.alice.dialog->second_ns = NS_PER_MS;
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    for (int i = 0; i < 5; i++) {
        peer_expect(&scene, "INVITE ");
        peer_reply(&scene, "491 Request Pending", NULL, "", "");
        peer_expect(&scene, "ACK ");
    }
    await(&scene.alice, "agreed 491;");
    peer_expect_nothing(&scene);
    scene_close(&scene);
}

static void retry_after_of_a_500_is_heeded(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    scene.alice.dialog->second_ns = NS_PER_MS;
    assert_true(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    peer_expect(&scene, "UPDATE ");
    peer_reply(&scene, "500 Not Now", NULL, "Retry-After: 3\r\n", "");
    peer_expect(&scene, "UPDATE ");
    peer_reply(&scene, "200 OK", NULL, "", SDP_ANSWER);
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    scene_close(&scene);
}

/* A second INVITE while the first is not answered (RFC 3261 14.2); an UPDATE that offers, too. */
static void offers_while_theirs_is_unanswered_are_refused_for_now(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_invite(&scene, "INVITE", "", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 180, NULL);
    peer_learn(&scene.peer, peer_expect(&scene, "SIP/2.0 180"), NULL);
    peer_request(&scene, &scene.bob, "UPDATE", "", SDP_OTHER);
    assert_non_null(header(peer_expect(&scene, "SIP/2.0 500"), "Retry-After", 0));
    peer_request(&scene, &scene.bob, "UPDATE", "", "");
    peer_expect(&scene, "SIP/2.0 200");
    peer_request(&scene, &scene.bob, "INVITE", "", SDP_OTHER);
    assert_non_null(header(peer_expect(&scene, "SIP/2.0 500"), "Retry-After", 0));
    scene_close(&scene);
}

static void missing_ack_to_a_reinvite_ends_the_call(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.alice);
    peer_connects(&scene, "");
    peer_request(&scene, &scene.alice, "INVITE", "", SDP_OTHER);
    peer_expect(&scene, "SIP/2.0 200");
    peer_expect(&scene, "SIP/2.0 200");
    peer_expect_past(&scene, "BYE ", "SIP/2.0 200");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_true(scene.alice.end.no_ack);
    scene_close(&scene);
}

static void a_new_contact_is_where_requests_go(void **state)
{
    (void)state;
    struct scene scene;
    char contact[64];
    scene_open(&scene);
    peer_connects(&scene, "");
    snprintf(contact, sizeof contact, "Contact: <sip:moved@127.0.0.1:%u>\r\n", scene.peer.port);
    peer_request(&scene, &scene.alice, "UPDATE", contact, "");
    peer_expect(&scene, "SIP/2.0 200");
    assert_true(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    peer_expect(&scene, "UPDATE sip:moved@127.0.0.1");
    snprintf(contact, sizeof contact, "Contact: <sip:again@127.0.0.1:%u>\r\n", scene.peer.port);
    peer_reply(&scene, "200 OK", NULL, contact, SDP_ANSWER);
    await(&scene.alice, "agreed 200");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE sip:again@127.0.0.1");
    scene_close(&scene);
}

static void offer_to_a_peer_that_has_forgotten_ends_the_call(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    peer_expect(&scene, "INVITE ");
    peer_reply(&scene, "481 Gone", NULL, "", "");
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "481 Gone", NULL, "", "");
    await(&scene.alice, "agreed 481;");
    await(&scene.alice, "ended 200");
    assert_false(scene.alice.end.bye_failed);
    scene_close(&scene);
}

static void hangup_while_a_reinvite_is_out(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    peer_expect(&scene, "INVITE ");
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    dialog_free(scene.alice.dialog);
    scene.alice.dialog = NULL;
    peer_reply_to(&scene, &scene.alice, invite, "487 Request Terminated", NULL, "", "");
    peer_expect(&scene, "ACK "); /* although nobody is there any more */
    scene_close(&scene);
}

/* Over a stream a response is gone as soon as its transaction is. */
static void all_of_it_works_over_tcp(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    struct party *alice = &scene.alice, *bob = &scene.bob;
    alice->servers[0].transport = bob->servers[0].transport = transport_find("tcp");
    alice->options.reliable = bob->options.reliable = USE_SUPPORTED;
    alice->options.timer = bob->options.timer = USE_SUPPORTED;
    alice->options.timer_expires = 100;
    bob->options.timer_min = 200;
    bob->refers = true;
    party_uses(alice, agent_port(bob->agent));
    party_uses(bob, agent_port(alice->agent));
    call(alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(bob, "ended 422");
    await(bob, "invited");
    dialog_progress(bob->dialog, 183, SDP_ANSWER);
    await(alice, "progress 183 " SDP_ANSWER);
    dialog_answer(bob->dialog, NULL);
    await(alice, "answered");
    await(bob, "confirmed");
    assert_true(dialog_renegotiate(alice->dialog, "INVITE", NULL));
    await(bob, "agreed 200 " SDP_ANSWER);
    bob->answer = NULL;
    assert_true(dialog_renegotiate(alice->dialog, "UPDATE", SDP_OTHER));
    await(alice, "agreed 488");
    assert_true(dialog_refresh(alice->dialog, NULL, SDP_OTHER));
    await(bob, "refreshed by peer");
    assert_true(dialog_request(alice->dialog, "INFO", "text/plain", "x", NULL));
    await(alice, "replied INFO 200");
    assert_true(dialog_refer(alice->dialog, "sip:carol@example.test", NULL));
    await(alice, "transfer 100");
    dialog_refer_report(bob->dialog, 404, NULL);
    await(alice, "transfer 404 final");
    dialog_hangup(bob->dialog, NULL);
    await(alice, "ended 200");
    await(bob, "ended 200");
    assert_true(alice->end.by_peer);
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(reinvite_from_both_sides), cmocka_unit_test(update_from_both_sides),
              cmocka_unit_test(refused_offer_leaves_the_call_as_it_is),
              cmocka_unit_test(reinvite_without_sdp_asks_for_an_offer),
              cmocka_unit_test(nothing_is_offered_before_the_call_or_after_it),
              cmocka_unit_test(a_refresh_that_is_refused_is_told_whatever_carried_it),
              cmocka_unit_test(offers_that_cross_are_made_again),
              cmocka_unit_test(offer_while_ours_is_out_is_491),
              cmocka_unit_test(perpetual_491_is_told_after_a_few_tries),
              cmocka_unit_test(retry_after_of_a_500_is_heeded),
              cmocka_unit_test(offers_while_theirs_is_unanswered_are_refused_for_now),
              cmocka_unit_test(missing_ack_to_a_reinvite_ends_the_call),
              cmocka_unit_test(a_new_contact_is_where_requests_go),
              cmocka_unit_test(offer_to_a_peer_that_has_forgotten_ends_the_call),
              cmocka_unit_test(hangup_while_a_reinvite_is_out),
              cmocka_unit_test(all_of_it_works_over_tcp))
