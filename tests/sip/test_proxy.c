/* The proxy half of the embedded registrar: calls between hand-written phones. */
#include "support/specification.h"

#include "registrar_core.h"
#include "sip/phone.h"

#define BOB "sip:bob@" REALM
#define TO_BOB "<sip:bob@" REALM ">"
#define OFFER "v=0\r\no=offer\r\n"
#define ANSWER "v=0\r\no=answer\r\n"

static struct phone alice, bob;

static int start(void **state)
{
    static struct world world;
    world_start(&world, DIGEST_SHA_256);
    *state = &world;
    return 0;
}

/* On the registrar's own thread: the timers of RFC 3261 in a thousandth of their length. */
static bool begin_hasty(struct loop *loop, void *arg)
{
    struct world *world = arg;
    if (!world_begin(loop, arg))
        return false;
    world->registrar->ringing_limit_ns = 60 * NS_PER_MS;
    world->registrar->cancel_patience_ns = 60 * NS_PER_MS;
    nta_agent_set_params(world->registrar->agent, NTATAG_SIP_T1X64(100), TAG_END());
    return true;
}

static int start_hasty(void **state)
{
    static struct world world;
    world_prepare(&world, DIGEST_SHA_256);
    world.thread = loop_thread_start("registrar", begin_hasty, world_finish, &world);
    assert_non_null(world.thread);
    *state = &world;
    return 0;
}

static int stop(void **state)
{
    phone_close(&alice);
    phone_close(&bob);
    world_stop(*state);
    return 0;
}

static void both_ready(void **state, bool alice_stream, bool bob_stream)
{
    phone_ready(&alice, *state, "alice", "secret-a", alice_stream);
    phone_ready(&bob, *state, "bob", "secret-b", bob_stream);
}

/* alice's INVITE, admitted; returns it as bob received it, in buf. */
static void invite(char *received, size_t size, const char *extra)
{
    phone_authorized(&alice, "INVITE", BOB, TO_BOB, extra, OFFER);
    phone_expect(&alice, "SIP/2.0 100");
    text_copy(received, size, phone_expect(&bob, "INVITE "));
}

/* A request inside the dialog that `route_from` (a message with Record-Route) made. */
static void in_dialog(struct phone *phone, const char *method, uint32_t cseq,
                      const char *route_from, bool caller)
{
    struct text text = {0};
    unsigned routes = headers(route_from, "Record-Route");
    char target[128];
    text_copy(target, sizeof target, header(route_from, "Contact", 0) + 1);
    target[strcspn(target, ">")] = '\0';
    text_printf(&text,
                "%s %s SIP/2.0\r\nVia: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK-in-%s-%u;rport\r\n",
                method, target, phone_transport(phone), phone->port, method, ++phone->branch);
    for (unsigned i = 0; i < routes; i++)
        text_printf(&text, "Route: %s\r\n",
                    header(route_from, "Record-Route", caller ? routes - 1 - i : i));
    const char *from = header(route_from, caller ? "From" : "To", 0);
    const char *to = header(route_from, caller ? "To" : "From", 0);
    bool tagless = strstr(from, ";tag=") == NULL; /* bob reads his own tag nowhere */
    text_printf(&text, "From: %s%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n", from,
                tagless ? ";tag=bob-1" : "", to, header(route_from, "Call-ID", 0), cseq, method);
    text_add(&text, "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
    phone_send(phone, text.data, text.length);
    text_fini(&text);
}

static void assert_no_own_route(const char *message)
{
    assert_null(header(message, "Route", 0));
}

/* One call of a person's life, over whatever transports. */
static void call(void **state, bool alice_stream, bool bob_stream)
{
    char invited[8192], accepted[8192], own[64];
    both_ready(state, alice_stream, bob_stream);
    invite(invited, sizeof invited, "X-Test: kept\r\n");
    snprintf(own, sizeof own, "127.0.0.1:%u", alice.server);
    assert_memory_equal(invited, "INVITE sip:bob@127.0.0.1:", 25);
    assert_int_equal(headers(invited, "Via"), 2);
    assert_non_null(strstr(header(invited, "Via", 0), own));
    assert_non_null(strstr(header(invited, "Via", 0), bob_stream ? "/TCP" : "/UDP"));
    assert_non_null(strstr(header(invited, "Via", 1), alice_stream ? "/TCP" : "/UDP"));
    assert_string_equal(header(invited, "Max-Forwards", 0), "69");
    assert_string_equal(header(invited, "X-Test", 0), "kept");
    assert_null(header(invited, "Proxy-Authorization", 0));
    assert_string_equal(body(invited), OFFER);
    unsigned routes = headers(invited, "Record-Route");
    assert_int_equal(routes, alice_stream == bob_stream ? 1 : 2);
    assert_non_null(strstr(header(invited, "Record-Route", 0), ";lr"));
    assert_non_null(
        strstr(header(invited, "Record-Route", 0), bob_stream ? "transport=tcp" : "transport=udp"));
    assert_non_null(strstr(header(invited, "Record-Route", routes - 1),
                           alice_stream ? "transport=tcp" : "transport=udp"));

    phone_reply(&bob, invited, "180 Ringing", "bob-1", "");
    const char *reply = phone_expect(&alice, "SIP/2.0 180");
    assert_int_equal(headers(reply, "Via"), 1);
    phone_reply(&bob, invited, "200 OK", "bob-1", ANSWER);
    text_copy(accepted, sizeof accepted, phone_expect(&alice, "SIP/2.0 200"));
    assert_int_equal(headers(accepted, "Via"), 1);
    assert_int_equal(headers(accepted, "Record-Route"), routes);
    assert_string_equal(body(accepted), ANSWER);

    in_dialog(&alice, "ACK", alice.cseq, accepted, true);
    const char *ack = phone_expect(&bob, "ACK sip:bob@127.0.0.1:");
    assert_int_equal(headers(ack, "Via"), 2);
    assert_string_equal(header(ack, "Max-Forwards", 0), "69");
    assert_no_own_route(ack);

    in_dialog(&alice, "INVITE", ++alice.cseq, accepted, true);
    const char *again = phone_expect(&bob, "INVITE sip:bob@127.0.0.1:");
    assert_no_own_route(again);
    phone_reply(&bob, again, "200 OK", "bob-1", ANSWER);
    phone_expect(&alice, "SIP/2.0 100");
    phone_expect(&alice, "SIP/2.0 200");
    in_dialog(&alice, "ACK", alice.cseq, accepted, true);
    phone_expect(&bob, "ACK sip:bob@127.0.0.1:");

    in_dialog(&bob, "BYE", 1, invited, false);
    const char *bye = phone_expect(&alice, "BYE sip:alice@127.0.0.1:");
    assert_no_own_route(bye);
    phone_reply(&alice, bye, "200 OK", "", "");
    phone_expect(&bob, "SIP/2.0 200");
    phone_expect_silence(&alice);
    phone_expect_silence(&bob);
}

static void a_call_passes_over_udp(void **state)
{
    call(state, false, false);
}

static void a_call_passes_over_tcp(void **state)
{
    call(state, true, true);
}

static void a_call_passes_from_tcp_to_udp(void **state)
{
    call(state, true, false);
}

static void a_call_passes_from_udp_to_tcp(void **state)
{
    call(state, false, true);
}

static void an_accepting_answer_that_comes_again_is_passed_on_again(void **state)
{
    char invited[8192];
    both_ready(state, false, false);
    invite(invited, sizeof invited, "");
    for (int i = 0; i < 3; i++) {
        phone_reply(&bob, invited, "200 OK", "bob-1", ANSWER);
        const char *reply = phone_expect(&alice, "SIP/2.0 200");
        assert_int_equal(headers(reply, "Via"), 1);
    }
}

/* The ACK of a refusal is the proxy's own; the caller's ACK ends at the proxy. */
static void refusals_are_acknowledged_hop_by_hop(void **state)
{
    for (int stream = 0; stream < 2; stream++) {
        char invited[8192];
        both_ready(state, stream, stream);
        invite(invited, sizeof invited, "");
        phone_reply(&bob, invited, "486 Busy Here", "bob-1", "");
        const char *ack = phone_expect(&bob, "ACK ");
        assert_int_equal(headers(ack, "Via"), 1);
        assert_string_equal(header(ack, "Via", 0), header(invited, "Via", 0));
        char to[256];
        text_copy(to, sizeof to, header(phone_expect(&alice, "SIP/2.0 486"), "To", 0));
        alice.branch--;
        phone_request(&alice, "ACK", BOB, to, "", "");
        phone_expect_silence(&alice);
        phone_expect_silence(&bob);
        if (!stream)
            phone_close(&alice), phone_close(&bob);
    }
}

static void cancelled(void **state, bool stream, bool late)
{
    char invited[8192];
    both_ready(state, stream, stream);
    invite(invited, sizeof invited, "");
    if (!late) {
        phone_reply(&bob, invited, "180 Ringing", "bob-1", "");
        phone_expect(&alice, "SIP/2.0 180");
    }
    alice.branch--;
    alice.cseq--;
    phone_request(&alice, "CANCEL", BOB, TO_BOB, "", "");
    phone_expect(&alice, "SIP/2.0 200");
    if (late) {
        /* A CANCEL must not overtake: nothing was heard of bob yet. */
        phone_expect_silence(&bob);
        phone_reply(&bob, invited, "100 Trying", "bob-1", "");
    }
    const char *cancel = phone_expect(&bob, "CANCEL ");
    assert_string_equal(header(cancel, "Via", 0), header(invited, "Via", 0));
    assert_int_equal(headers(cancel, "Via"), 1);
    phone_reply(&bob, cancel, "200 OK", "bob-1", "");
    phone_reply(&bob, invited, "487 Request Terminated", "bob-1", "");
    phone_expect(&bob, "ACK ");
    phone_expect(&alice, "SIP/2.0 487");
    phone_close(&alice);
    phone_close(&bob);
}

static void a_call_can_be_cancelled(void **state)
{
    cancelled(state, false, false);
    cancelled(state, true, false);
    alice.fd = bob.fd = -1;
}

static void a_cancel_waits_for_a_first_response(void **state)
{
    cancelled(state, false, true);
    cancelled(state, true, true);
    alice.fd = bob.fd = -1;
}

static void a_callee_that_says_nothing_is_a_timeout(void **state)
{
    char invited[8192];
    both_ready(state, false, false);
    invite(invited, sizeof invited, "");
    phone_expect(&alice, "SIP/2.0 408");
}

static void a_callee_that_rings_for_ever_is_cancelled(void **state)
{
    for (int stream = 0; stream < 2; stream++) {
        char invited[8192];
        both_ready(state, stream, stream);
        invite(invited, sizeof invited, "");
        phone_reply(&bob, invited, "180 Ringing", "bob-1", "");
        phone_expect(&alice, "SIP/2.0 180");
        phone_reply(&bob, phone_expect(&bob, "CANCEL "), "200 OK", "bob-1", "");
        if (stream)
            phone_reply(&bob, invited, "487 Request Terminated", "bob-1", "");
        phone_expect(&alice, stream ? "SIP/2.0 487" : "SIP/2.0 408");
        if (!stream)
            phone_close(&alice), phone_close(&bob);
    }
}

static void a_cancel_without_its_invite_is_refused(void **state)
{
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_open(&bob, *state, "bob", "secret-b", false);
    phone_request(&alice, "CANCEL", BOB, TO_BOB, "", "");
    phone_expect(&alice, "SIP/2.0 481");
}

static void calls_need_the_right_credentials(void **state)
{
    both_ready(state, false, false);
    phone_request(&alice, "INVITE", BOB, TO_BOB, "", OFFER);
    const char *reply = phone_expect(&alice, "SIP/2.0 407");
    assert_non_null(header(reply, "Proxy-Authenticate", 0));
    alice.password = "wrong";
    phone_answer_challenge(&alice, "INVITE", BOB, TO_BOB, "", OFFER);
    phone_expect(&alice, "SIP/2.0 403");
    phone_expect_silence(&bob);
}

/* carol's phone signs as carol, and says that it is alice. */
static void nobody_calls_under_another_name(void **state)
{
    char text[4096];
    struct digest_credentials carol = {"carol", "secret-c", NULL};
    struct digest_request signed_request = {"INVITE", BOB, OFFER, strlen(OFFER)};
    both_ready(state, false, false);
    phone_request(&alice, "INVITE", BOB, TO_BOB, "", OFFER);
    struct digest_challenge challenge;
    struct text lines = {0};
    phone_challenge(&challenge, phone_expect(&alice, "SIP/2.0 407"));
    text_add(&lines, "Proxy-Authorization: ");
    digest_answer(&challenge, &carol, &signed_request, 1, "c", &lines);
    snprintf(text, sizeof text, "%s\r\n", text_get(&lines));
    phone_request(&alice, "INVITE", BOB, TO_BOB, text, OFFER);
    phone_expect(&alice, "SIP/2.0 403");
    phone_expect_silence(&bob);
    text_fini(&lines);
}

static void refused(const char *method, const char *uri, const char *extra, const char *status)
{
    char to[256];
    snprintf(to, sizeof to, "<%s>", uri);
    phone_authorized(&alice, method, uri, to, extra, "");
    phone_expect(&alice, status);
}

static void who_cannot_be_reached_is_told_apart(void **state)
{
    phone_ready(&alice, *state, "alice", "secret-a", false);
    phone_ready(&bob, *state, "bob", "secret-b", false);
    refused("INVITE", "sip:nobody@" REALM, "", "SIP/2.0 404");
    refused("INVITE", "sip:carol@" REALM, "", "SIP/2.0 480");
    refused("INVITE", "sip:" REALM, "", "SIP/2.0 404");
    refused("MESSAGE", "sip:carol@192.0.2.7", "", "SIP/2.0 403");
    refused("INVITE", "sip:carol@localhost", "", "SIP/2.0 403");
    refused("INVITE", "sip:carol@127.0.0.1;maddr=192.0.2.7", "", "SIP/2.0 403");
    phone_request(&alice, "INVITE", "sips:bob@" REALM, TO_BOB, "", "");
    phone_expect(&alice, "SIP/2.0 416");
    phone_request(&alice, "INVITE", BOB "?X=1", TO_BOB, "", "");
    phone_expect(&alice, "SIP/2.0 400");
    phone_request(&alice, "INVITE", BOB, TO_BOB, "Proxy-Require: foo\r\n", "");
    assert_string_equal(header(phone_expect(&alice, "SIP/2.0 420"), "Unsupported", 0), "foo");
    phone_expect_silence(&bob);
}

static void a_callee_that_has_gone_is_unavailable_at_once(void **state)
{
    both_ready(state, false, false);
    phone_close(&bob);
    phone_authorized(&alice, "INVITE", BOB, TO_BOB, "", OFFER);
    phone_expect(&alice, "SIP/2.0 100");
    phone_expect(&alice, "SIP/2.0 480");
    bob.fd = -1;
}

static void hops_are_counted(void **state)
{
    char text[2048];
    both_ready(state, false, false);
    int length =
        snprintf(text, sizeof text,
                 "INVITE " BOB " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKm\r\n"
                 "Max-Forwards: 0\r\nFrom: <sip:alice@" REALM ">;tag=1\r\nTo: " TO_BOB "\r\n"
                 "Call-ID: hops\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
                 alice.port);
    phone_send(&alice, text, (size_t)length);
    phone_expect(&alice, "SIP/2.0 483");
}

static void a_request_that_keeps_coming_back_is_a_loop(void **state)
{
    char vias[1024] = "";
    both_ready(state, false, false);
    for (int i = 0; i < 4; i++) {
        size_t used = strlen(vias);
        snprintf(vias + used, sizeof vias - used,
                 "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%d\r\n", alice.server, i);
    }
    phone_request(&alice, "INVITE", BOB, TO_BOB, vias, "");
    phone_expect(&alice, "SIP/2.0 482");
}

static void other_requests_are_relayed_too(void **state)
{
    both_ready(state, false, true);
    phone_authorized(&alice, "MESSAGE", BOB, TO_BOB, "Content-Type: text/plain\r\n", "hello");
    const char *message = phone_expect(&bob, "MESSAGE sip:bob@127.0.0.1:");
    assert_string_equal(body(message), "hello");
    assert_null(header(message, "Record-Route", 0));
    phone_reply(&bob, message, "202 Accepted", "t", "");
    phone_expect(&alice, "SIP/2.0 202");
    phone_authorized(&alice, "MESSAGE", BOB, TO_BOB, "", "hello");
    phone_reply(&bob, phone_expect(&bob, "MESSAGE "), "603 Decline", "t", "");
    phone_expect(&alice, "SIP/2.0 603");
}

static void an_outside_number_on_loopback_can_be_called(void **state)
{
    char uri[128], to[160];
    phone_ready(&alice, *state, "alice", "secret-a", false);
    phone_open(&bob, *state, "service", "", false);
    snprintf(uri, sizeof uri, "sip:service@127.0.0.1:%u", bob.port);
    snprintf(to, sizeof to, "<%s>", uri);
    phone_authorized(&alice, "INVITE", uri, to, "", OFFER);
    phone_expect(&alice, "SIP/2.0 100");
    phone_reply(&bob, phone_expect(&bob, "INVITE sip:service@127.0.0.1:"), "200 OK", "s", ANSWER);
    phone_expect(&alice, "SIP/2.0 200");
}

static void the_newest_binding_gets_the_call(void **state)
{
    struct phone older;
    phone_ready(&older, *state, "bob", "secret-b", false);
    both_ready(state, false, false);
    char invited[8192];
    invite(invited, sizeof invited, "");
    phone_expect_silence(&older);
    phone_close(&older);
}

static void reliable_ringing_and_its_prack_pass(void **state)
{
    char invited[8192], ringing[8192];
    both_ready(state, false, false);
    invite(invited, sizeof invited, "Require: 100rel\r\n");
    phone_reply(&bob, invited, "180 Ringing", "bob-1", "");
    phone_expect_silence(&alice);
    phone_reply(&bob, invited, "183 Progress\r\nRequire: 100rel\r\nRSeq: 7", "bob-1", "");
    text_copy(ringing, sizeof ringing, phone_expect(&alice, "SIP/2.0 183"));
    assert_string_equal(header(ringing, "RSeq", 0), "7");
    in_dialog(&alice, "PRACK", ++alice.cseq, ringing, true);
    phone_reply(&bob, phone_expect(&bob, "PRACK "), "200 OK", "bob-1", "");
    phone_expect(&alice, "SIP/2.0 200");
    phone_reply(&bob, invited, "200 OK", "bob-1", "");
    phone_expect(&alice, "SIP/2.0 200");
}

static void a_retransmitted_invite_is_not_forwarded_twice(void **state)
{
    char invited[8192];
    both_ready(state, false, false);
    phone_request(&alice, "INVITE", BOB, TO_BOB, "", OFFER);
    phone_expect(&alice, "SIP/2.0 407");
    char challenge[8192];
    text_copy(challenge, sizeof challenge, alice.message);
    for (int i = 0; i < 3; i++) {
        alice.branch = 1;
        alice.cseq = 1;
        strcpy(alice.message, challenge);
        phone_answer_challenge(&alice, "INVITE", BOB, TO_BOB, "", OFFER);
        phone_expect(&alice, "SIP/2.0 100");
    }
    text_copy(invited, sizeof invited, phone_expect(&bob, "INVITE "));
    phone_expect_silence(&bob);
    phone_reply(&bob, invited, "200 OK", "bob-1", ANSWER);
    phone_expect(&alice, "SIP/2.0 200");
}

/* clang-format off */
SPECIFICATION(
    cmocka_unit_test_setup_teardown(a_call_passes_over_udp, start, stop),
    cmocka_unit_test_setup_teardown(a_call_passes_over_tcp, start, stop),
    cmocka_unit_test_setup_teardown(a_call_passes_from_tcp_to_udp, start, stop),
    cmocka_unit_test_setup_teardown(a_call_passes_from_udp_to_tcp, start, stop),
    cmocka_unit_test_setup_teardown(an_accepting_answer_that_comes_again_is_passed_on_again, start, stop),
    cmocka_unit_test_setup_teardown(refusals_are_acknowledged_hop_by_hop, start, stop),
    cmocka_unit_test_setup_teardown(a_call_can_be_cancelled, start, stop),
    cmocka_unit_test_setup_teardown(a_cancel_waits_for_a_first_response, start, stop),
    cmocka_unit_test_setup_teardown(a_callee_that_says_nothing_is_a_timeout, start_hasty, stop),
    cmocka_unit_test_setup_teardown(a_callee_that_rings_for_ever_is_cancelled, start_hasty, stop),
    cmocka_unit_test_setup_teardown(a_cancel_without_its_invite_is_refused, start, stop),
    cmocka_unit_test_setup_teardown(calls_need_the_right_credentials, start, stop),
    cmocka_unit_test_setup_teardown(nobody_calls_under_another_name, start, stop),
    cmocka_unit_test_setup_teardown(who_cannot_be_reached_is_told_apart, start, stop),
    cmocka_unit_test_setup_teardown(a_callee_that_has_gone_is_unavailable_at_once, start, stop),
    cmocka_unit_test_setup_teardown(hops_are_counted, start, stop),
    cmocka_unit_test_setup_teardown(a_request_that_keeps_coming_back_is_a_loop, start, stop),
    cmocka_unit_test_setup_teardown(other_requests_are_relayed_too, start, stop),
    cmocka_unit_test_setup_teardown(an_outside_number_on_loopback_can_be_called, start, stop),
    cmocka_unit_test_setup_teardown(the_newest_binding_gets_the_call, start, stop),
    cmocka_unit_test_setup_teardown(reliable_ringing_and_its_prack_pass, start, stop),
    cmocka_unit_test_setup_teardown(a_retransmitted_invite_is_not_forwarded_twice, start, stop))
/* clang-format on */
