/* Before the answer: early media, reliable provisional responses (RFC 3262), early UPDATE, forks.
 */
#include "support/specification.h"
#include "dialog_scene.h"

static void early_media_comes_before_the_answer(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "invited " SDP_OFFER);
    dialog_progress(scene.bob.dialog, 183, SDP_ANSWER);
    await(&scene.alice, "progress 183 " SDP_ANSWER);
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    await(&scene.alice, "answered " SDP_ANSWER);
    await(&scene.bob, "confirmed");
    scene_hang_up(&scene);
    assert_wire(&scene.alice, ">INVITE <183 <200 >ACK >BYE <200 ");
    scene_close(&scene);
}

static void reliable(struct scene *scene, enum dialog_use use)
{
    scene_open(scene);
    scene->alice.options.reliable = scene->bob.options.reliable = use;
}

static void reliable_answer_is_acknowledged_by_prack_and_not_repeated(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 183, SDP_ANSWER);
    dialog_progress(scene.bob.dialog, 180, NULL); /* waits for the PRACK */
    dialog_answer(scene.bob.dialog, NULL);        /* so does this */
    await(&scene.alice, "progress 183 " SDP_ANSWER);
    await(&scene.alice, "progress 180");
    await(&scene.alice, "answered");
    await(&scene.bob, "confirmed");
    scene_hang_up(&scene);
    assert_wire(&scene.bob, "<INVITE >183 <PRACK >200 >180 <PRACK >200 >200 <ACK <BYE >200 ");
    scene_close(&scene);
}

static void required_of_who_has_it_is_reliable(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_REQUIRED);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 180, NULL);
    await(&scene.alice, "progress 180");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    await(&scene.alice, "answered " SDP_ANSWER);
    await(&scene.bob, "confirmed");
    scene_hang_up(&scene);
    assert_wire(&scene.alice, "<180 >PRACK <200 ");
    scene_close(&scene);
}

static void required_of_who_has_it_not_is_refused_with_420(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.alice.options.reliable = USE_REQUIRED;
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.alice, "ended 420");
    await(&scene.bob, "ended 420");
    scene_close(&scene);
}

static void who_requires_it_refuses_others_with_421(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.bob.options.reliable = USE_REQUIRED;
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.alice, "ended 421");
    await(&scene.bob, "ended 421");
    scene_close(&scene);
}

static void late_offer_is_answered_in_the_ack(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    call(&scene.alice, "sip:bob@example.test", NULL, NULL);
    await(&scene.bob, "invited;");
    dialog_progress(scene.bob.dialog, 183, SDP_OFFER); /* cannot carry an offer unreliably */
    await(&scene.alice, "progress 183;");
    dialog_answer(scene.bob.dialog, SDP_OFFER);
    await(&scene.alice, "offered " SDP_OFFER);
    await(&scene.alice, "answered;");
    await(&scene.bob, "confirmed " SDP_ANSWER);
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void late_offer_in_a_reliable_183_is_answered_in_the_prack(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    call(&scene.alice, "sip:bob@example.test", NULL, NULL);
    await(&scene.bob, "invited;");
    dialog_progress(scene.bob.dialog, 183, SDP_OFFER);
    await(&scene.alice, "offered " SDP_OFFER);
    await(&scene.bob, "agreed 200 " SDP_ANSWER);
    dialog_answer(scene.bob.dialog, NULL);
    await(&scene.alice, "answered;");
    await(&scene.bob, "confirmed;");
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void late_offer_that_is_refused_ends_the_call(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.alice.answer = NULL;
    call(&scene.alice, "sip:bob@example.test", NULL, NULL);
    await(&scene.bob, "invited;");
    dialog_answer(scene.bob.dialog, SDP_OFFER);
    await(&scene.alice, "offered " SDP_OFFER);
    await(&scene.bob, "ended 200");
    await(&scene.alice, "ended 200");
    assert_string_equal(scene.bob.end.cause, "SIP;cause=488;text=\"Not Acceptable Here\"");
    assert_wire(&scene.alice, "<200 >ACK >BYE <200 ");
    scene_close(&scene);
}

static void early_session_is_changed_by_update_from_both_sides(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    assert_false(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    await(&scene.bob, "invited");
    assert_false(dialog_renegotiate(scene.bob.dialog, "UPDATE", SDP_OTHER));
    dialog_progress(scene.bob.dialog, 183, SDP_ANSWER);
    await(&scene.alice, "progress 183");
    assert_true(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    await(&scene.bob, "offered " SDP_OTHER);
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    assert_true(dialog_renegotiate(scene.bob.dialog, "UPDATE", SDP_OTHER));
    await(&scene.alice, "offered " SDP_OTHER);
    await(&scene.bob, "agreed 200 " SDP_ANSWER);
    dialog_answer(scene.bob.dialog, NULL);
    await(&scene.alice, "answered");
    await(&scene.bob, "confirmed");
    scene_hang_up(&scene);
    scene_close(&scene);
}

#define RELIABLE(rseq) "Require: 100rel\r\nRSeq: " rseq "\r\n"

static void responses_are_taken_in_the_order_of_their_rseq(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    peer_is_called(&scene);
    assert_non_null(strstr(header(scene.peer.request, "Supported", 0), "100rel"));
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply(&scene, "183 Progress", "a", RELIABLE("7"), SDP_ANSWER);
    const char *prack = peer_expect(&scene, "PRACK sip:peer@127.0.0.1");
    char rack[64];
    snprintf(rack, sizeof rack, "7 %u INVITE",
             (unsigned)strtoul(header(invite, "CSeq", 0), NULL, 10));
    assert_string_equal(header(prack, "RAck", 0), rack);
    peer_reply(&scene, "200 OK", NULL, "", "");
    /* Too early, repeated: not told, not acknowledged. */
    peer_reply_to(&scene, &scene.alice, invite, "180 Ringing", "a", RELIABLE("9"), "");
    peer_reply_to(&scene, &scene.alice, invite, "183 Progress", "a", RELIABLE("7"), SDP_ANSWER);
    peer_expect_nothing(&scene);
    peer_reply_to(&scene, &scene.alice, invite, "180 Ringing", "a", RELIABLE("8"), "");
    peer_expect(&scene, "PRACK ");
    peer_reply(&scene, "200 OK", NULL, "", "");
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", "");
    peer_expect(&scene, "ACK ");
    await(&scene.alice, "answered");
    assert_told(&scene.alice, "progress 183 " SDP_ANSWER "; progress 180; answered; ");
    scene_close(&scene);
}

static void every_fork_has_its_own_early_dialog(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    peer_is_called(&scene);
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply_to(&scene, &scene.alice, invite, "183 Progress", "a", RELIABLE("1"), "v=0 a");
    assert_non_null(strstr(header(peer_expect(&scene, "PRACK "), "To", 0), ";tag=a"));
    peer_reply(&scene, "200 OK", NULL, "", "");
    peer_reply_to(&scene, &scene.alice, invite, "183 Progress", "b", RELIABLE("100"), "v=0 b");
    assert_non_null(strstr(header(peer_expect(&scene, "PRACK "), "To", 0), ";tag=b"));
    peer_reply(&scene, "200 OK", NULL, "", "");
    /* Its answer is told again, because the last one was the other's. */
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", "");
    assert_non_null(strstr(header(peer_expect(&scene, "ACK "), "To", 0), ";tag=a"));
    await(&scene.alice, "answered v=0 a");
    /* The other one answers too. */
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "b", "", "");
    assert_non_null(strstr(header(peer_expect(&scene, "ACK "), "To", 0), ";tag=b"));
    assert_non_null(strstr(header(peer_expect(&scene, "BYE "), "To", 0), ";tag=b"));
    scene_close(&scene);
}

static void a_thousand_responses_and_forks_are_borne(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    peer_is_called(&scene);
    char invite[8192], tag[32];
    text_copy(invite, sizeof invite, scene.peer.request);
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(tag, sizeof tag, "fork-%u", i);
        peer_reply_to(&scene, &scene.alice, invite, "180 Ringing", tag, "", "");
        if (i % 50 == 0)
            work(&scene);
    }
    scene.alice.told[0] = '\0';
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "last", "", SDP_ANSWER);
    assert_non_null(strstr(header(peer_expect(&scene, "ACK "), "To", 0), ";tag=last"));
    await(&scene.alice, "answered " SDP_ANSWER);
    assert_int_equal(scene.alice.dialog->fork_count, 0);
    scene_close(&scene);
}

static void prack_that_matches_nothing_is_481(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    peer_invite(&scene, "INVITE", "Supported: 100rel\r\n", SDP_OFFER);
    uint32_t cseq = scene.peer.cseq;
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 183, SDP_ANSWER);
    const char *response = peer_expect(&scene, "SIP/2.0 183");
    assert_string_equal(header(response, "Require", 0), "100rel");
    uint32_t rseq = (uint32_t)strtoul(header(response, "RSeq", 0), NULL, 10);
    peer_learn(&scene.peer, response, NULL);
    char rack[64];
    snprintf(rack, sizeof rack, "RAck: %u %u INVITE\r\n", rseq + 1, cseq);
    peer_request(&scene, &scene.bob, "PRACK", rack, "");
    peer_expect_past(&scene, "SIP/2.0 481", "SIP/2.0 183");
    snprintf(rack, sizeof rack, "RAck: %u %u INVITE\r\n", rseq, cseq);
    peer_request(&scene, &scene.bob, "PRACK", rack, "");
    peer_expect_past(&scene, "SIP/2.0 200", "SIP/2.0 183");
    peer_request(&scene, &scene.bob, "PRACK", rack, "");
    peer_expect(&scene, "SIP/2.0 481");
    scene_close(&scene);
}

static void without_a_prack_the_call_is_refused(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    hurry(&scene.bob);
    peer_invite(&scene, "INVITE", "Supported: 100rel\r\n", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 180, NULL);
    peer_expect(&scene, "SIP/2.0 180");
    peer_expect(&scene, "SIP/2.0 180");
    peer_expect_past(&scene, "SIP/2.0 503", "SIP/2.0 180");
    await(&scene.bob, "ended 503");
    scene_close(&scene);
}

static void cancel_while_a_prack_is_missing(void **state)
{
    (void)state;
    struct scene scene;
    reliable(&scene, USE_SUPPORTED);
    peer_invite(&scene, "INVITE", "Supported: 100rel\r\n", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 183, SDP_ANSWER);
    dialog_progress(scene.bob.dialog, 180, NULL);
    dialog_answer(scene.bob.dialog, NULL);
    peer_expect(&scene, "SIP/2.0 183");
    dialog_hangup(scene.bob.dialog, NULL);
    peer_expect_past(&scene, "SIP/2.0 480", "SIP/2.0 183");
    await(&scene.bob, "ended 480");
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(early_media_comes_before_the_answer),
              cmocka_unit_test(reliable_answer_is_acknowledged_by_prack_and_not_repeated),
              cmocka_unit_test(required_of_who_has_it_is_reliable),
              cmocka_unit_test(required_of_who_has_it_not_is_refused_with_420),
              cmocka_unit_test(who_requires_it_refuses_others_with_421),
              cmocka_unit_test(late_offer_is_answered_in_the_ack),
              cmocka_unit_test(late_offer_in_a_reliable_183_is_answered_in_the_prack),
              cmocka_unit_test(late_offer_that_is_refused_ends_the_call),
              cmocka_unit_test(early_session_is_changed_by_update_from_both_sides),
              cmocka_unit_test(responses_are_taken_in_the_order_of_their_rseq),
              cmocka_unit_test(every_fork_has_its_own_early_dialog),
              cmocka_unit_test(a_thousand_responses_and_forks_are_borne),
              cmocka_unit_test(prack_that_matches_nothing_is_481),
              cmocka_unit_test(without_a_prack_the_call_is_refused),
              cmocka_unit_test(cancel_while_a_prack_is_missing))
