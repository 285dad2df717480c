/* What real stacks and hostile ones send, that no RFC example shows. */
#include "support/specification.h"
#include "dialog_scene.h"

/* The digest-uri of the credentials of a request. */
static void assert_signed_as(const char *request, const char *uri)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "uri=\"%s\"", uri);
    const char *credentials = header(request, "Proxy-Authorization", 0);
    assert_non_null(credentials);
    if (!strstr(credentials, wanted))
        print_error("%s is not in %s\n", wanted, credentials);
    assert_non_null(strstr(credentials, wanted));
}

static const char challenge[] =
    "Proxy-Authenticate: Digest realm=\"example.test\", nonce=\"n1\", algorithm=MD5\r\n";

static void strict_router_is_obeyed(void **state)
{
    (void)state;
    struct scene scene;
    char lines[256], wanted[128], uri[64];
    scene_open(&scene);
    peer_is_called(&scene);
    snprintf(uri, sizeof uri, "sip:127.0.0.1:%u", scene.peer.port);
    snprintf(lines, sizeof lines, "Record-Route: <%s>\r\nContact: <sip:peer@far.test>\r\n", uri);
    peer_reply(&scene, "200 OK", "a", lines, SDP_ANSWER);
    snprintf(wanted, sizeof wanted, "ACK %s SIP/2.0", uri);
    const char *ack = peer_expect(&scene, wanted);
    assert_string_equal(header(ack, "Route", 0), "<sip:peer@far.test>");
    await(&scene.alice, "answered");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "407 Proxy Authentication Required", "a", challenge, "");
    peer_expect(&scene, "BYE ");
    assert_signed_as(scene.peer.request, uri);
    peer_reply(&scene, "200 OK", "a", "", "");
    await(&scene.alice, "ended 200");
    scene_close(&scene);
}

static void bye_without_a_contact_is_signed(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    static const char *const copied[] = {"Via", "From", "Call-ID", "CSeq", "To"};
    struct text text = {0};
    text_add(&text, "SIP/2.0 200 OK\r\n");
    for (size_t i = 0; i < 5; i++) {
        const char *value = header(scene.peer.request, copied[i], 0);
        assert_non_null(value);
        text_printf(&text, "%s: %s%s\r\n", copied[i], value, i == 4 ? ";tag=a" : "");
    }
    text_printf(&text, "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
                strlen(SDP_ANSWER), SDP_ANSWER);
    peer_send(&scene, &scene.alice, text.data);
    text_fini(&text);
    peer_expect(&scene, "ACK sip:peer@example.test SIP/2.0");
    await(&scene.alice, "answered");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "407 Proxy Authentication Required", "a", challenge, "");
    peer_expect(&scene, "BYE ");
    assert_signed_as(scene.peer.request, "sip:peer@example.test");
    peer_reply(&scene, "200 OK", "a", "", "");
    await(&scene.alice, "ended 200");
    assert_false(scene.alice.end.bye_failed);
    scene_close(&scene);
}

static void target_with_what_no_request_line_may_have(void **state)
{
    (void)state;
    struct scene scene;
    char contact[256], uri[128];
    scene_open(&scene);
    snprintf(uri, sizeof uri, "sip:peer;phone-context=x@127.0.0.1:%u;x=y", scene.peer.port);
    snprintf(contact, sizeof contact, "Contact: \"P, Eer\" <%s;method=INVITE?Subject=a>;+sip.x\r\n",
             uri);
    peer_connects(&scene, contact);
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "407 Proxy Authentication Required", "a", challenge, "");
    const char *bye = peer_expect(&scene, "BYE ");
    char used[160];
    snprintf(used, sizeof used, "%.*s", (int)strcspn(bye + 4, " "), bye + 4);
    assert_string_equal(used, uri);
    assert_signed_as(scene.peer.request, used);
    scene_close(&scene);
}

static void strange_contacts_are_borne(void **state)
{
    (void)state;
    static const char *const all[] = {"*",
                                      "<tel:+49123>",
                                      "<mailto:a@b>",
                                      "<urn:service:sos>",
                                      "<sip:>",
                                      "sip:",
                                      "<sip:@>",
                                      "<sip:[::1]:9>",
                                      "<sip:a@127.0.0.1:9;transport=sctp>",
                                      "<sip:a@127.0.0.1:9;transport=ws>",
                                      "<sips:a@127.0.0.1:9>",
                                      "<sip:a@127.0.0.1:99999>",
                                      "<sip:a@127.0.0.1:0>",
                                      "<sip:a@127.0.0.1;maddr=127.0.0.1>",
                                      "<sip:a@%00>",
                                      "",
                                      ",",
                                      "<sip:a@127.0.0.1:9>, <sip:b@127.0.0.1:9>",
                                      "<http://x/>"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct scene scene;
        char line[128];
        scene_open(&scene);
        hurry(&scene.bob);
        hurry(&scene.alice);
        snprintf(line, sizeof line, "Contact: %s\r\n", all[i]);
        peer_invite(&scene, "INVITE", line, SDP_OFFER);
        /* Taken or refused, and what is said beside that. */
        const char *said = NULL;
        for (int64_t until = clock_now() + PATIENCE; !said && !scene.bob.dialog;) {
            assert_true(clock_now() < until);
            said = peer_receive(&scene, NS_PER_MS);
        }
        if (!said)
            said = peer_receive(&scene, QUIET);
        if (scene.bob.dialog) {
            dialog_answer(scene.bob.dialog, SDP_ANSWER);
            peer_expect(&scene, "SIP/2.0 200");
            peer_learn(&scene.peer, scene.peer.message, NULL);
            peer_request_as(&scene, &scene.bob, "ACK", scene.peer.cseq, "", SDP_TYPE, "");
            await(&scene.bob, "confirmed");
            dialog_hangup(scene.bob.dialog, NULL);
            await(&scene.bob, "ended 200");
        } else {
            assert_non_null(said);
        }
        dialog_free(scene.bob.dialog);
        scene.bob.dialog = NULL;
        peer_is_called(&scene);
        peer_reply(&scene, "200 OK", "a", line, SDP_ANSWER);
        int64_t until = clock_now() + 3 * NS_PER_S;
        while (!strstr(scene.alice.told, "answered") && !scene.alice.ended && clock_now() < until)
            work(&scene);
        dialog_hangup(scene.alice.dialog, NULL);
        await(&scene.alice, "ended");
        scene_close(&scene);
    }
}

static void further_2xx_are_hung_up(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    char invite[8192];
    text_copy(invite, sizeof invite, scene.peer.request);
    peer_reply(&scene, "200 OK", "a", "", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "b", "", SDP_ANSWER);
    const char *ack = peer_expect(&scene, "ACK ");
    assert_non_null(strstr(header(ack, "To", 0), "tag=b"));
    const char *bye = peer_expect(&scene, "BYE ");
    assert_non_null(strstr(header(bye, "To", 0), "tag=b"));
    peer_reply(&scene, "200 OK", "b", "", "");
    dialog_hangup(scene.alice.dialog, NULL);
    bye = peer_expect(&scene, "BYE ");
    assert_non_null(strstr(header(bye, "To", 0), "tag=a"));
    peer_reply(&scene, "200 OK", "a", "", "");
    await(&scene.alice, "ended 200");
    peer_reply_to(&scene, &scene.alice, invite, "200 OK", "c", "", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    bye = peer_expect(&scene, "BYE ");
    assert_non_null(strstr(header(bye, "To", 0), "tag=c"));
    scene_close(&scene);
}

static void a_200_without_a_tag_makes_a_call(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_is_called(&scene);
    peer_reply(&scene, "180 Ringing", NULL, "", "");
    await(&scene.alice, "progress 180");
    peer_reply(&scene, "200 OK", NULL, "", SDP_ANSWER);
    peer_expect(&scene, "ACK ");
    await(&scene.alice, "answered");
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect(&scene, "BYE ");
    peer_reply(&scene, "200 OK", NULL, "", "");
    await(&scene.alice, "ended 200");
    scene_close(&scene);
}

static void compact_and_folded_headers_are_read(void **state)
{
    (void)state;
    struct scene scene;
    char invite[1024];
    scene_open(&scene);
    snprintf(invite, sizeof invite,
             "INVITE sip:bob@127.0.0.1:%u;user=phone SIP/2.0\r\n"
             "v: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-c1;rport,\r\n"
             "  SIP/2.0/TCP a.test;branch=z9hG4bK-c0\r\n"
             "Via: SIP / 2.0 / UDP first.test: 4000;ttl=16 ;branch=z9hG4bKa7c6a8dlze.1\r\n"
             "max-forwards:  70 \r\nf: \"Pe\r\n er\" <tel:+491234>;tag=ff\r\n"
             "t: <sip:bob@example.test;user=phone>\r\ni: compact@x\r\nCSeq: 4711\r\n  INVITE\r\n"
             "m: <sip:peer@127.0.0.1:%u>\r\nk: 100rel\r\nc: application/sdp\r\nl: 5\r\n\r\nv=0\r\n",
             agent_port(scene.bob.agent), scene.peer.port, scene.peer.port);
    peer_send(&scene, &scene.bob, invite);
    await(&scene.bob, "invited v=0");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    const char *ok = peer_expect(&scene, "SIP/2.0 200");
    unsigned vias = headers(ok, "Via");
    assert_true(vias == 3 || strstr(ok, "z9hG4bK-c0"));
    assert_non_null(strstr(ok, "z9hG4bKa7c6a8dlze.1"));
    assert_wire(&scene.bob, "<INVITE >200");
    scene_close(&scene);
}

static void jumps_of_cseq_are_fine(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_calls(&scene, "");
    peer_request_as(&scene, &scene.bob, "INFO", 2000000000, "", "text/plain", "x");
    peer_expect(&scene, "SIP/2.0 200");
    peer_request_as(&scene, &scene.bob, "INFO", 4294967295u, "", "text/plain", "x");
    peer_expect(&scene, "SIP/2.0 200");
    scene_close(&scene);
}

static void an_invitation_expires(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    peer_invite(&scene, "INVITE", "Expires: 1\r\n", SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_progress(scene.bob.dialog, 180, NULL);
    peer_expect(&scene, "SIP/2.0 180");
    peer_expect(&scene, "SIP/2.0 487");
    await(&scene.bob, "ended 487");
    scene_close(&scene);
}

static void an_update_before_the_ack_keeps_the_timer(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.bob.options.timer = USE_SUPPORTED;
    scene.bob.options.timer_expires = 1800;
    scene.bob.options.timer_min = 90;
    peer_invite(&scene, "INVITE", "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n",
                SDP_OFFER);
    await(&scene.bob, "invited");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    peer_expect(&scene, "SIP/2.0 200");
    peer_learn(&scene.peer, scene.peer.message, NULL);
    uint32_t cseq = scene.peer.cseq;
    peer_request(&scene, &scene.bob, "UPDATE",
                 "Supported: timer\r\nSession-Expires: 600;refresher=uac\r\n", "");
    const char *ok = peer_expect_past(&scene, "SIP/2.0 200", "SIP/2.0 200 OK\r\nVia: x");
    assert_non_null(header(ok, "Session-Expires", 0));
    peer_request_as(&scene, &scene.bob, "ACK", cseq, "", SDP_TYPE, "");
    await(&scene.bob, "confirmed");
    scene_close(&scene);
}

static void ipv6_is_like_ipv4(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    struct party *all[] = {&scene.alice, &scene.bob};
    for (int i = 0; i < 2; i++) {
        agent_user_free(all[i]->user);
        all[i]->user = NULL;
        agent_free(all[i]->agent);
        all[i]->agent = agent_new(scene.loop, &(struct agent_config){.address = "::1"});
        assert_non_null(all[i]->agent);
        all[i]->servers[0].host = "::1";
        all[i]->identity.domain = "::1";
    }
    for (int tcp = 0; tcp < 2; tcp++) {
        all[0]->servers[0].transport = all[1]->servers[0].transport =
            transport_find(tcp ? "tcp" : "udp");
        party_uses(&scene.alice, agent_port(scene.bob.agent));
        party_uses(&scene.bob, agent_port(scene.alice.agent));
        call(&scene.alice, "sip:bob@[::1]", SDP_OFFER, NULL);
        await(&scene.bob, "invited");
        dialog_answer(scene.bob.dialog, SDP_ANSWER);
        await(&scene.alice, "answered");
        await(&scene.bob, "confirmed");
        assert_true(dialog_renegotiate(scene.bob.dialog, "UPDATE", SDP_OTHER));
        await(&scene.bob, "agreed 200");
        scene_hang_up(&scene);
        for (int i = 0; i < 2; i++) {
            dialog_free(all[i]->dialog);
            all[i]->dialog = NULL;
        }
    }
    scene_close(&scene);
}

static void refusal_after_the_call_is_acknowledged(void **state)
{
    (void)state;
    struct scene scene;
    char invite[8192];
    scene_open(&scene);
    hurry(&scene.alice);
    peer_connects(&scene, "");
    assert_true(dialog_renegotiate(scene.alice.dialog, "INVITE", SDP_OTHER));
    text_copy(invite, sizeof invite, peer_expect(&scene, "INVITE "));
    peer_reply(&scene, "100 Trying", "peer", "", "");
    work_for(&scene, 10 * NS_PER_MS);
    dialog_hangup(scene.alice.dialog, NULL);
    peer_expect_past(&scene, "BYE ", "INVITE ");
    peer_reply(&scene, "200 OK", "peer", "", "");
    await(&scene.alice, "ended 200");
    dialog_free(scene.alice.dialog);
    scene.alice.dialog = NULL;
    peer_reply_to(&scene, &scene.alice, invite, "487 Request Terminated", "peer", "", "");
    peer_expect_past(&scene, "ACK ", "BYE ");
    scene_close(&scene);
}

/* The peer's INVITE as it was sent, to be sent again. */
static void keep_invite(const struct scene *scene, char *invite, size_t size)
{
    const struct peer *peer = &scene->peer;
    snprintf(invite, size,
             "INVITE sip:bob@127.0.0.1:%u SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-again;rport\r\nMax-Forwards: 70\r\n"
             "From: <sip:peer@127.0.0.1>;tag=again\r\nTo: <sip:bob@example.test>\r\n"
             "Call-ID: again\r\nCSeq: 1 INVITE\r\nContact: <sip:peer@127.0.0.1:%u>\r\n"
             "Content-Length: 0\r\n\r\n",
             agent_port(scene->bob.agent), peer->port, peer->port);
}

static void an_invite_that_comes_again_is_no_other_one(void **state)
{
    (void)state;
    for (int refused = 0; refused < 2; refused++) {
        struct scene scene;
        char invite[1024];
        scene_open(&scene);
        keep_invite(&scene, invite, sizeof invite);
        peer_send(&scene, &scene.bob, invite);
        await(&scene.bob, "invited");
        if (refused)
            dialog_reject(scene.bob.dialog, 486, NULL, NULL);
        else
            dialog_answer(scene.bob.dialog, SDP_ANSWER);
        const char *final = refused ? "SIP/2.0 486" : "SIP/2.0 200";
        peer_expect(&scene, final);
        peer_send(&scene, &scene.bob, invite);
        peer_expect(&scene, final);
        peer_learn(&scene.peer, scene.peer.message, NULL);
        if (refused) {
            struct text ack = {0};
            text_printf(&ack,
                        "ACK sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;"
                        "branch=z9hG4bK-again;rport\r\nFrom: %s\r\nTo: %s\r\nCall-ID: again\r\n"
                        "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n",
                        scene.peer.port, scene.peer.ours, scene.peer.theirs);
            peer_send(&scene, &scene.bob, ack.data);
            text_fini(&ack);
            await(&scene.bob, "ended 486");
        } else {
            peer_request_as(&scene, &scene.bob, "ACK", 1, "", SDP_TYPE, "");
            await(&scene.bob, "confirmed");
        }
        work_for(&scene, 5 * NS_PER_MS);
        /* A copy that was late on its way. */
        peer_send(&scene, &scene.bob, invite);
        if (peer_receive(&scene, QUIET))
            assert_memory_equal(scene.peer.message, final, strlen(final));
        assert_null(strstr(scene.bob.told + 10, "invited"));
        scene_close(&scene);
    }
}

static void a_long_call_id_is_replaced_whole(void **state)
{
    (void)state;
    struct scene scene;
    char invite[1024], id[201];
    memset(id, 'x', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    scene_open(&scene);
    snprintf(invite, sizeof invite,
             "INVITE sip:bob@127.0.0.1:%u SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-long;rport\r\nMax-Forwards: 70\r\n"
             "From: <sip:peer@127.0.0.1>;tag=long\r\nTo: <sip:bob@example.test>\r\n"
             "Call-ID: %s\r\nCSeq: 1 INVITE\r\nContact: <sip:peer@127.0.0.1:%u>\r\n"
             "Content-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0",
             agent_port(scene.bob.agent), scene.peer.port, id, scene.peer.port);
    peer_send(&scene, &scene.bob, invite);
    await(&scene.bob, "invited");
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    peer_expect(&scene, "SIP/2.0 200");
    struct peer *peer = &scene.peer;
    peer_learn(peer, peer->message, NULL);
    struct text ack = {0};
    text_printf(&ack,
                "ACK %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-longa;rport\r\n"
                "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n",
                peer->contact, peer->port, peer->ours, peer->theirs, id);
    peer_send(&scene, &scene.bob, ack.data);
    text_fini(&ack);
    await(&scene.bob, "confirmed");
    assert_true(dialog_refer(scene.bob.dialog, NULL, scene.bob.dialog));
    const char *refer = peer_expect(&scene, "REFER ");
    assert_non_null(strstr(header(refer, "Refer-To", 0), id));
    assert_wire(&scene.bob, "<INVITE >200 <ACK >REFER");
    scene_close(&scene);
}

static void hang_up(void *arg)
{
    struct party *party = arg;
    dialog_hangup(party->dialog, NULL);
}

/* Behind what the stack makes of the message, but before anything else can come. */
static void hang_up_at_302(void *owner, const struct message *message)
{
    struct party *party = owner;
    if (message->facts.status == 302)
        loop_post(party->scene->loop, hang_up, party);
}

static void a_cancel_while_the_name_is_looked_up_is_no_failure(void **state)
{
    (void)state;
    struct scene scene;
    struct dialog_handler handler = party_handler;
    scene_open(&scene);
    scene.alice.options.redirects = 2;
    peer_is_called(&scene);
    handler.message = hang_up_at_302;
    scene.alice.dialog->handler = &handler;
    peer_reply(&scene, "302 Moved", "a", "Contact: <sip:x@nobody.invalid>\r\n", "");
    await(&scene.alice, "ended 487");
    assert_false(scene.alice.end.unreachable);
    scene_close(&scene);
}

static void targets_keep_their_parameters_in_to(void **state)
{
    (void)state;
    static const struct {
        const char *target, *line, *to;
    } cases[] = {
        {"sip:+49123@example.test;user=phone", "sip:+49123@example.test;user=phone",
         "<sip:+49123@example.test;user=phone>"},
        {"sip:+49;npdi@example.test", "sip:+49;npdi@example.test", "<sip:+49;npdi@example.test>"},
        {"sip:a,b@example.test;x=1?Subject=s", "sip:a,b@example.test;x=1",
         "<sip:a,b@example.test;x=1>"},
        {"sip:peer@example.test;method=BYE", "sip:peer@example.test", "<sip:peer@example.test>"},
        {"tel:+491234;phone-context=x", "tel:+491234;phone-context=x",
         "<tel:+491234;phone-context=x>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene;
        char line[128];
        scene_open(&scene);
        party_uses(&scene.alice, scene.peer.port);
        call(&scene.alice, cases[i].target, SDP_OFFER, NULL);
        snprintf(line, sizeof line, "INVITE %s SIP/2.0\r\n", cases[i].line);
        const char *invite = peer_expect(&scene, line);
        assert_string_equal(header(invite, "To", 0), cases[i].to);
        scene_close(&scene);
    }
}

SPECIFICATION(cmocka_unit_test(strict_router_is_obeyed),
              cmocka_unit_test(bye_without_a_contact_is_signed),
              cmocka_unit_test(target_with_what_no_request_line_may_have),
              cmocka_unit_test(strange_contacts_are_borne),
              cmocka_unit_test(further_2xx_are_hung_up),
              cmocka_unit_test(a_200_without_a_tag_makes_a_call),
              cmocka_unit_test(compact_and_folded_headers_are_read),
              cmocka_unit_test(jumps_of_cseq_are_fine), cmocka_unit_test(an_invitation_expires),
              cmocka_unit_test(an_update_before_the_ack_keeps_the_timer),
              cmocka_unit_test(ipv6_is_like_ipv4),
              cmocka_unit_test(refusal_after_the_call_is_acknowledged),
              cmocka_unit_test(an_invite_that_comes_again_is_no_other_one),
              cmocka_unit_test(a_long_call_id_is_replaced_whole),
              cmocka_unit_test(a_cancel_while_the_name_is_looked_up_is_no_failure),
              cmocka_unit_test(targets_keep_their_parameters_in_to))
