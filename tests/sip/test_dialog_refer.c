/* REFER with its NOTIFYs, and INVITE with Replaces. */
#include "support/specification.h"
#include "dialog_scene.h"

static void blind_transfer_is_reported_to_the_end(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.bob.refers = true;
    scene_connect(&scene);
    assert_true(dialog_refer(scene.alice.dialog, "sip:carol@example.test", NULL));
    await(&scene.bob, "referred");
    assert_string_equal(scene.bob.target, "sip:carol@example.test");
    assert_string_equal(scene.bob.replaces, "");
    await(&scene.alice, "transfer 100;");
    dialog_refer_report(scene.bob.dialog, 180, NULL);
    await(&scene.alice, "transfer 180;");
    dialog_refer_report(scene.bob.dialog, 200, "OK");
    await(&scene.alice, "transfer 200 final;");
    dialog_refer_report(scene.bob.dialog, 200, "OK"); /* nothing is left to report */
    assert_non_null(strstr(scene.alice.told, "replied REFER 202;"));
    scene_hang_up(&scene);
    assert_wire(&scene.alice, "<NOTIFY >200 <NOTIFY >200 <NOTIFY >200 >BYE ");
    scene_close(&scene);
}

static void transfer_that_is_not_wanted_is_declined(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    assert_true(dialog_refer(scene.alice.dialog, "sip:carol@example.test", NULL));
    await(&scene.alice, "replied REFER 603;");
    scene_hang_up(&scene);
    scene_close(&scene);
}

/* alice talks to bob and to carol; she asks bob to take her place with carol. */
static void attended_transfer_replaces_the_other_call(void **state)
{
    (void)state;
    struct scene scene;
    char headers[512];
    scene_open(&scene);
    scene.bob.refers = true;
    scene_connect(&scene);
    party_uses(&scene.carol, agent_port(scene.alice.agent));
    call(&scene.carol, "sip:alice@example.test", SDP_OFFER, NULL);
    await(&scene.alice, "invited");
    dialog_answer(scene.alice.dialog, SDP_ANSWER);
    await(&scene.carol, "answered");
    await(&scene.alice, "confirmed");
    assert_true(dialog_refer(scene.alice.older, NULL, scene.alice.dialog));
    await(&scene.bob, "referred");
    assert_null(strchr(scene.bob.target, '?'));
    snprintf(headers, sizeof headers, "Replaces: %s\r\n", scene.bob.replaces);
    scene.bob.servers[0].port = agent_port(scene.carol.agent);
    struct dialog *first = scene.bob.dialog;
    party_uses(&scene.bob, agent_port(scene.carol.agent));
    first->user = scene.bob.user;
    call(&scene.bob, scene.bob.target, SDP_OFFER, headers);
    await(&scene.carol, "invited");
    assert_ptr_equal(dialog_replaced(scene.carol.dialog), scene.carol.older);
    dialog_answer(scene.carol.dialog, SDP_ANSWER);
    await(&scene.carol, "confirmed");
    dialog_hangup(scene.carol.older, NULL);
    dialog_refer_report(first, 200, NULL);
    await(&scene.alice, "ended 200");
    assert_null(dialog_replaced(scene.carol.dialog));
    scene_close(&scene);
}

static void replaces_must_match_a_dialog_exactly(void **state)
{
    (void)state;
    struct scene scene;
    char headers[512];
    scene_open(&scene);
    scene_connect(&scene);
    const struct dialog *call = scene.bob.dialog;
    const char *id = dialog_call_id(call);
    const char *ours = nta_leg_get_tag(call->leg), *theirs = nta_leg_get_rtag(call->leg);
    peer_invite(&scene, "INVITE", "Replaces: nobody;to-tag=1;from-tag=2\r\n", SDP_OFFER);
    peer_expect(&scene, "SIP/2.0 481");
    snprintf(headers, sizeof headers, "Replaces: %s;to-tag=%s;from-tag=%s\r\n", id, theirs, ours);
    peer_invite(&scene, "INVITE", headers, SDP_OFFER);
    peer_expect(&scene, "SIP/2.0 481");
    snprintf(headers, sizeof headers, "Replaces: %s;to-tag=%s;from-tag=%s;early-only\r\n", id, ours,
             theirs);
    peer_invite(&scene, "INVITE", headers, SDP_OFFER);
    peer_expect(&scene, "SIP/2.0 486");
    scene_hang_up(&scene);
    snprintf(headers, sizeof headers, "Replaces: %s;to-tag=%s;from-tag=%s\r\n", id, ours, theirs);
    peer_invite(&scene, "INVITE", headers, SDP_OFFER);
    peer_expect(&scene, "SIP/2.0 603");
    scene_close(&scene);
}

static void refer_is_checked(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.bob.refers = true;
    peer_calls(&scene, "");
    peer_request(&scene, &scene.bob, "REFER", "", "");
    peer_expect(&scene, "SIP/2.0 400");
    peer_request(&scene, &scene.bob, "REFER",
                 "Refer-To: <sip:a@example.test>\r\nRefer-To: <sip:b@example.test>\r\n", "");
    peer_expect(&scene, "SIP/2.0 400");
    peer_request(&scene, &scene.bob, "REFER", "Refer-To: <http://example.test>\r\n", "");
    peer_expect(&scene, "SIP/2.0 416");
    assert_null(strstr(scene.bob.told, "referred"));
    peer_request(&scene, &scene.bob, "REFER",
                 "Refer-To: <sip:c@x.test?Replaces=1%40h%3Bto-tag%3D2%3Bfrom-tag%3D3&Subject=x>\r\n"
                 "Refer-Sub: false\r\n",
                 "");
    assert_string_equal(header(peer_expect(&scene, "SIP/2.0 202"), "Refer-Sub", 0), "false");
    assert_string_equal(scene.bob.target, "sip:c@x.test");
    assert_string_equal(scene.bob.replaces, "1@h;to-tag=2;from-tag=3");
    dialog_refer_report(scene.bob.dialog, 200, NULL);
    peer_expect_nothing(&scene);
    scene_close(&scene);
}

static void second_refer_of_a_call_has_an_id(void **state)
{
    (void)state;
    struct scene scene;
    char event[64];
    scene_open(&scene);
    scene.bob.refers = true;
    peer_calls(&scene, "");
    peer_request(&scene, &scene.bob, "REFER", "Refer-To: <sip:a@example.test>\r\n", "");
    peer_expect(&scene, "SIP/2.0 202");
    const char *notify = peer_expect(&scene, "NOTIFY ");
    assert_string_equal(header(notify, "Event", 0), "refer");
    assert_string_equal(header(notify, "Subscription-State", 0), "active;expires=180");
    assert_string_equal(header(notify, "Content-Type", 0), "message/sipfrag;version=2.0");
    assert_string_equal(body(notify), "SIP/2.0 100 Trying\r\n");
    peer_reply_to(&scene, &scene.bob, scene.peer.request, "200 OK", NULL, "", "");
    dialog_refer_report(scene.bob.dialog, 486, "Busy Here");
    notify = peer_expect(&scene, "NOTIFY ");
    assert_string_equal(header(notify, "Subscription-State", 0), "terminated;reason=noresource");
    peer_reply_to(&scene, &scene.bob, scene.peer.request, "200 OK", NULL, "", "");
    peer_request(&scene, &scene.bob, "REFER", "Refer-To: <sip:a@example.test>\r\n", "");
    peer_expect(&scene, "SIP/2.0 202");
    snprintf(event, sizeof event, "refer;id=%u", scene.peer.cseq);
    assert_string_equal(header(peer_expect(&scene, "NOTIFY "), "Event", 0), event);
    peer_reply_to(&scene, &scene.bob, scene.peer.request, "481 Unknown", NULL, "", "");
    work_for(&scene, 5 * NS_PER_MS);
    dialog_refer_report(scene.bob.dialog, 200, NULL);
    peer_expect_nothing(&scene); /* nobody subscribes any more */
    scene_close(&scene);
}

static void notify_without_a_refer_is_481(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    peer_request_as(&scene, &scene.alice, "NOTIFY", 0,
                    "Event: refer\r\nSubscription-State: active\r\n", "message/sipfrag",
                    "SIP/2.0 200 OK");
    peer_expect(&scene, "SIP/2.0 481");
    assert_true(dialog_refer(scene.alice.dialog, "sip:carol@example.test", NULL));
    const char *refer = peer_expect(&scene, "REFER ");
    assert_string_equal(header(refer, "Refer-To", 0), "<sip:carol@example.test>");
    assert_string_equal(header(refer, "Referred-By", 0), "<sip:alice@example.test>");
    peer_reply(&scene, "202 Accepted", NULL, "", "");
    peer_request_as(&scene, &scene.alice, "NOTIFY", 0,
                    "Event: refer\r\nSubscription-State: active\r\n", "message/sipfrag",
                    "nonsense");
    peer_expect(&scene, "SIP/2.0 400");
    peer_request_as(&scene, &scene.alice, "NOTIFY", 0,
                    "Event: refer\r\nSubscription-State: terminated\r\n", "message/sipfrag",
                    "SIP/2.0 503 No");
    peer_expect(&scene, "SIP/2.0 200");
    await(&scene.alice, "transfer 503 final;");
    scene_close(&scene);
}

static void a_peer_that_sends_no_notify_has_said_the_last_word(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    assert_true(dialog_refer(scene.alice.dialog, "sip:carol@example.test", NULL));
    peer_expect(&scene, "REFER ");
    peer_reply(&scene, "202 Accepted", NULL, "Refer-Sub: false\r\n", "");
    await(&scene.alice, "transfer 202 final;");
    assert_true(dialog_refer(scene.alice.dialog, "sip:carol@example.test", NULL));
    peer_expect(&scene, "REFER ");
    peer_reply(&scene, "603 Decline", NULL, "Refer-Sub: false\r\n", "");
    await(&scene.alice, "replied REFER 603;");
    assert_null(strstr(scene.alice.told, "transfer 603"));
    scene_close(&scene);
}

static void transfer_target_that_hung_up_is_still_reported(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.bob.refers = true;
    peer_calls(&scene, "");
    peer_request(&scene, &scene.bob, "REFER", "Refer-To: <sip:a@example.test>\r\n", "");
    peer_expect(&scene, "SIP/2.0 202");
    peer_expect(&scene, "NOTIFY ");
    peer_reply_to(&scene, &scene.bob, scene.peer.request, "200 OK", NULL, "", "");
    peer_request(&scene, &scene.bob, "BYE", "", "");
    peer_expect(&scene, "SIP/2.0 200");
    await(&scene.bob, "ended 200");
    dialog_refer_report(scene.bob.dialog, 200, NULL);
    peer_expect(&scene, "NOTIFY ");
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(a_peer_that_sends_no_notify_has_said_the_last_word),
              cmocka_unit_test(blind_transfer_is_reported_to_the_end),
              cmocka_unit_test(transfer_that_is_not_wanted_is_declined),
              cmocka_unit_test(attended_transfer_replaces_the_other_call),
              cmocka_unit_test(replaces_must_match_a_dialog_exactly),
              cmocka_unit_test(refer_is_checked),
              cmocka_unit_test(second_refer_of_a_call_has_an_id),
              cmocka_unit_test(notify_without_a_refer_is_481),
              cmocka_unit_test(transfer_target_that_hung_up_is_still_reported))
