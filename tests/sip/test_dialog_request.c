/* Other requests, in the call and outside of one: what is answered, and what is refused. */
#include "support/specification.h"
#include "dialog_scene.h"

static void requests_in_the_call_are_answered_and_told(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene_connect(&scene);
    assert_true(dialog_request(scene.alice.dialog, "INFO", "Application/DTMF-relay;x=1",
                               "Signal=5\r\n", NULL));
    assert_true(dialog_request(scene.alice.dialog, "INFO", "application/dtmf-relay", "Signal=6\r\n",
                               "Info-Package: dtmf\r\n"));
    assert_true(dialog_request(scene.alice.dialog, "MESSAGE", "text/plain", "hello", NULL));
    assert_true(dialog_request(scene.alice.dialog, "MESSAGE", "image/png", "x", NULL));
    assert_true(dialog_request(scene.alice.dialog, "OPTIONS", NULL, NULL, NULL));
    assert_true(dialog_request(scene.alice.dialog, "NOTIFY", "text/plain", "n",
                               "Event: talk\r\nSubscription-State: active\r\n"));
    assert_true(dialog_request(scene.alice.dialog, "PUBLISH", NULL, NULL, NULL));
    assert_true(dialog_request(scene.alice.dialog, "DANCE", NULL, NULL, NULL));
    await(&scene.alice, "replied DANCE 501;");
    assert_told(&scene.alice,
                "answered " SDP_ANSWER
                "; replied INFO 200; replied INFO 469; replied MESSAGE 200; replied MESSAGE 415; "
                "replied OPTIONS 200; replied NOTIFY 200; replied PUBLISH 405; "
                "replied DANCE 501; ");
    assert_told(&scene.bob, "invited " SDP_OFFER
                            "; confirmed; request INFO application/dtmf-relay Signal=5\r\n; "
                            "request MESSAGE text/plain hello; request NOTIFY text/plain n; ");
    scene_hang_up(&scene);
    scene_close(&scene);
}

static void requests_are_sent_one_after_the_other(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "");
    unsigned sent = 0;
    while (dialog_request(scene.alice.dialog, "INFO", NULL, NULL, NULL) && sent < 1000)
        sent++;
    assert_int_equal(sent, QUEUE_MAX + 1); /* bounded */
    peer_expect(&scene, "INFO ");
    peer_expect_nothing(&scene);
    peer_reply(&scene, "200 OK", NULL, "", "");
    peer_expect(&scene, "INFO ");
    peer_reply(&scene, "481 Gone", NULL, "", ""); /* then the call is gone too */
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    scene_close(&scene);
}

#define CHALLENGE(realm) \
    "Proxy-Authenticate: Digest realm=\"" realm "\", nonce=\"n\", qop=\"auth\"\r\n"

/* One round: it is challenged, and comes again with credentials. */
static void challenge_and_take(struct scene *scene, const char *method, bool acked)
{
    char beginning[32], realm[32], challenge[128];
    static unsigned realms;
    snprintf(beginning, sizeof beginning, "%s ", method);
    snprintf(realm, sizeof realm, "r%u", ++realms);
    snprintf(challenge, sizeof challenge,
             "Proxy-Authenticate: Digest realm=\"%s\", nonce=\"n\", qop=\"auth\"\r\n", realm);
    peer_expect(scene, beginning);
    peer_reply(scene, "407 Who", NULL, challenge, "");
    if (acked)
        peer_expect(scene, "ACK ");
    const char *again = peer_expect(scene, beginning);
    bool found = false;
    for (unsigned i = 0; header(again, "Proxy-Authorization", i); i++)
        found |= strstr(header(again, "Proxy-Authorization", i), realm) != NULL;
    assert_true(found);
}

static void challenges_are_answered_in_the_call(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_connects(&scene, "Allow: UPDATE\r\n");
    assert_true(dialog_request(scene.alice.dialog, "INFO", "text/plain", "x", NULL));
    challenge_and_take(&scene, "INFO", false);
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "replied INFO 200");
    assert_true(dialog_refer(scene.alice.dialog, "sip:carol@example.test", NULL));
    challenge_and_take(&scene, "REFER", false);
    peer_reply(&scene, "202 Accepted", NULL, "", "");
    await(&scene.alice, "replied REFER 202");
    assert_true(dialog_renegotiate(scene.alice.dialog, "UPDATE", SDP_OTHER));
    challenge_and_take(&scene, "UPDATE", false);
    peer_reply(&scene, "200 OK", NULL, "", SDP_ANSWER);
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    challenge_and_take(&scene, "INVITE", true);
    peer_reply(&scene, "200 OK", NULL, "", SDP_ANSWER);
    assert_non_null(header(peer_expect(&scene, "ACK "), "Proxy-Authorization", 0));
    await(&scene.alice, "agreed 200 " SDP_ANSWER);
    dialog_hangup(scene.alice.dialog, NULL);
    challenge_and_take(&scene, "BYE", false);
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    assert_false(scene.alice.end.bye_failed);
    scene_close(&scene);
}

static void invite_and_prack_are_challenged(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.alice.options.reliable = USE_SUPPORTED;
    peer_is_called(&scene);
    peer_reply(&scene, "407 Who", "x", CHALLENGE("first"), "");
    peer_expect(&scene, "ACK ");
    assert_non_null(header(peer_expect(&scene, "INVITE "), "Proxy-Authorization", 0));
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply(&scene, "183 Progress", "a", "Require: 100rel\r\nRSeq: 1\r\n", SDP_ANSWER);
    challenge_and_take(&scene, "PRACK", false);
    peer_reply(&scene, "200 OK", NULL, "", "");
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "a", "", "");
    assert_non_null(header(peer_expect(&scene, "ACK "), "Proxy-Authorization", 0));
    await(&scene.alice, "answered");
    scene_close(&scene);
}

static void refused_credentials_are_told_apart(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    peer_reply(&scene, "407 Who", "x", CHALLENGE("first"), "");
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "INVITE ");
    peer_reply(&scene, "407 Who", "x", CHALLENGE("first"), "");
    await(&scene.alice, "ended 407");
    assert_true(scene.alice.end.refused_again);
    scene_close(&scene);
}

/* bob's answer to an INVITE that differs from a good one in these headers. */
static void invite_is_refused(const char *extra, const char *body, const char *status,
                              const char *name, const char *value)
{
    struct scene scene;
    scene_open(&scene);
    peer_invite(&scene, "INVITE", extra, body);
    const char *response = peer_expect(&scene, status);
    if (name)
        assert_string_equal(header(response, name, 0), value);
    assert_null(scene.bob.dialog);
    scene_close(&scene);
}

static void what_is_not_understood_is_refused_before_it_rings(void **state)
{
    (void)state;
    invite_is_refused("Require: 100rel, magic, more\r\n", SDP_OFFER, "SIP/2.0 420", "Unsupported",
                      "magic, more");
    invite_is_refused("Content-Encoding: gzip\r\n", SDP_OFFER, "SIP/2.0 415", "Accept-Encoding",
                      "identity");
    invite_is_refused("Accept: text/plain\r\n", SDP_OFFER, "SIP/2.0 406", NULL, NULL);
    invite_is_refused("Contact: nonsense <<\r\n", SDP_OFFER, "SIP/2.0 400", NULL, NULL);
    invite_is_refused("Replaces: a;to-tag=1;from-tag=2\r\n", SDP_OFFER, "SIP/2.0 481", NULL, NULL);
}

static void outside_request(struct scene *scene, const char *method, const char *uri,
                            const char *extra, const char *type, const char *body,
                            const char *status)
{
    struct peer *peer = &scene->peer;
    static unsigned number;
    snprintf(peer->call_id, sizeof peer->call_id, "outside-%u", ++number);
    snprintf(peer->ours, sizeof peer->ours, "<sip:peer@127.0.0.1>;tag=x%u", number);
    text_copy(peer->theirs, sizeof peer->theirs, "<sip:bob@example.test>");
    text_copy(peer->contact, sizeof peer->contact, uri);
    peer_request_as(scene, &scene->bob, method, 0, extra, type, body);
    peer_expect(scene, status);
}

static void outside_of_a_call_each_method_has_its_answer(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    const char *bob = "sip:bob@127.0.0.1";
    struct peer *peer = &scene.peer;
    outside_request(&scene, "OPTIONS", bob, "", "", "", "SIP/2.0 200");
    assert_string_equal(header(peer->message, "Allow", 0), SIP_ALLOW);
    assert_string_equal(header(peer->message, "Accept", 0), "application/sdp");
    outside_request(&scene, "OPTIONS", "sip:127.0.0.1", "", "", "", "SIP/2.0 200");
    outside_request(&scene, "OPTIONS", "sip:nobody@127.0.0.1", "", "", "", "SIP/2.0 404");
    outside_request(&scene, "INVITE", "sip:nobody@127.0.0.1", "", "", "", "SIP/2.0 404");
    outside_request(&scene, "INVITE", "nothing:bob@127.0.0.1", "", "", "", "SIP/2.0 416");
    outside_request(&scene, "INVITE", bob, "", "text/html", "x", "SIP/2.0 415");
    assert_string_equal(header(peer->message, "Accept", 0), "application/sdp");
    outside_request(&scene, "MESSAGE", bob, "", "text/plain", "x", "SIP/2.0 200");
    outside_request(&scene, "MESSAGE", bob, "", "image/png", "x", "SIP/2.0 415");
    assert_string_equal(header(peer->message, "Accept", 0), MESSAGE_TYPES);
    outside_request(&scene, "REFER", bob, "Refer-To: <sip:c@d>\r\n", "", "", "SIP/2.0 403");
    outside_request(&scene, "BYE", bob, "", "", "", "SIP/2.0 481");
    outside_request(&scene, "INFO", bob, "", "", "", "SIP/2.0 481");
    outside_request(&scene, "UPDATE", bob, "", "", "", "SIP/2.0 481");
    outside_request(&scene, "PRACK", bob, "RAck: 1 1 INVITE\r\n", "", "", "SIP/2.0 481");
    outside_request(&scene, "PUBLISH", bob, "Event: presence\r\n", "", "", "SIP/2.0 405");
    assert_string_equal(header(peer->message, "Allow", 0), SIP_ALLOW);
    outside_request(&scene, "DANCE", bob, "", "", "", "SIP/2.0 501");
    assert_string_equal(header(peer->message, "Allow", 0), SIP_ALLOW);
    scene_close(&scene);
}

static void max_forwards_of_zero_is_no_matter_at_the_end_of_the_way(void **state)
{
    (void)state;
    struct scene scene;
    char text[1024];
    scene_open(&scene);
    snprintf(text, sizeof text,
             "INVITE sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK1\r\n"
             "Max-Forwards: 0\r\nFrom: <sip:a@b.test>;tag=1\r\nTo: <sip:bob@b.test>\r\n"
             "Call-ID: zero\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1>\r\n\r\n",
             scene.peer.port);
    peer_send(&scene, &scene.bob, text);
    await(&scene.bob, "invited");
    /* The same by another way (RFC 3261 8.2.2.2). */
    memcpy(strstr(text, "bK1"), "bK2", 3);
    peer_send(&scene, &scene.bob, text);
    peer_expect_past(&scene, "SIP/2.0 482", "SIP/2.0 100");
    memcpy(strstr(text, "SIP/2.0\r\n"), "SIP/9.9\r\n", 9);
    peer_send(&scene, &scene.bob, text);
    peer_expect_past(&scene, "SIP/2.0 505", "SIP/2.0 100");
    scene_close(&scene);
}

static void an_invite_of_rfc_2543_is_answered(void **state)
{
    (void)state;
    struct scene scene;
    char text[1024];
    scene_open(&scene);
    snprintf(text, sizeof text,
             "INVITE sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u\r\n"
             "From: <sip:old@127.0.0.1:%u>\r\nTo: sip:bob@b.test\r\nCall-ID: old\r\n"
             "CSeq: 56 INVITE\r\nContent-Type: application/sdp\r\n\r\n" SDP_OFFER,
             scene.peer.port, scene.peer.port);
    peer_send(&scene, &scene.bob, text);
    await(&scene.bob, "invited " SDP_OFFER);
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    peer_expect(&scene, "SIP/2.0 200");
    scene_close(&scene);
}

static void requests_out_of_order_are_500(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_calls(&scene, "");
    uint32_t first = scene.peer.cseq;
    peer_request_as(&scene, &scene.bob, "INFO", first + 10, "", "", "");
    peer_expect(&scene, "SIP/2.0 200");
    peer_request_as(&scene, &scene.bob, "INFO", first + 9, "", "", "");
    peer_expect(&scene, "SIP/2.0 500");
    scene_close(&scene);
}

static void a_flood_of_info_is_borne(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_calls(&scene, "");
    for (unsigned i = 0; i < 1000; i++) {
        peer_request_as(&scene, &scene.bob, i % 2 ? "INFO" : "NOTIFY", 0,
                        "Event: refer\r\nSubscription-State: active\r\n", "text/plain", "x");
        scene.bob.told[0] = '\0';
        scene.bob.wire[0] = '\0';
        if (i % 20 == 0)
            while (peer_receive(&scene, NS_PER_MS))
                ;
    }
    while (peer_receive(&scene, QUIET))
        ;
    assert_int_equal(scene.bob.ended, 0);
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(requests_in_the_call_are_answered_and_told),
              cmocka_unit_test(requests_are_sent_one_after_the_other),
              cmocka_unit_test(challenges_are_answered_in_the_call),
              cmocka_unit_test(invite_and_prack_are_challenged),
              cmocka_unit_test(refused_credentials_are_told_apart),
              cmocka_unit_test(what_is_not_understood_is_refused_before_it_rings),
              cmocka_unit_test(outside_of_a_call_each_method_has_its_answer),
              cmocka_unit_test(max_forwards_of_zero_is_no_matter_at_the_end_of_the_way),
              cmocka_unit_test(an_invite_of_rfc_2543_is_answered),
              cmocka_unit_test(requests_out_of_order_are_500),
              cmocka_unit_test(a_flood_of_info_is_borne))
