/* Where a call goes: redirection, the next server, the outbound proxy. */
#include "support/specification.h"
#include "dialog_scene.h"

static void open_redirected(struct scene *scene, unsigned redirects)
{
    scene_open(scene);
    scene->alice.options.redirects = redirects;
    peer_is_called(scene);
}

static void redirection_is_not_followed_unasked(void **state)
{
    (void)state;
    struct scene scene;
    open_redirected(&scene, 0);
    peer_reply(&scene, "302 Moved", "a", "Contact: <sip:other@example.test>\r\n", "");
    await(&scene.alice, "ended 302");
    assert_int_equal(scene.alice.end.redirects, 0);
    scene_close(&scene);
}

static void contacts_are_tried_by_their_q(void **state)
{
    (void)state;
    struct scene scene;
    open_redirected(&scene, 5);
    peer_reply(&scene, "302 Moved", "a",
               "Contact: <sip:second@example.test>;q=0.2, <sip:first@example.test?Subject=x>;q=0.9,"
               " <tel:+123>;q=1.0\r\n",
               "");
    peer_expect(&scene, "ACK ");
    const char *invite = peer_expect(&scene, "INVITE sip:first@example.test SIP/2.0");
    assert_string_equal(header(invite, "To", 0), "<sip:peer@example.test>");
    assert_null(header(invite, "Subject", 0));
    peer_reply(&scene, "486 Busy", "b", "", "");
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "INVITE sip:second@example.test SIP/2.0");
    peer_reply(&scene, "404 Not Found", "c", "", "");
    await(&scene.alice, "ended 404");
    assert_int_equal(scene.alice.end.redirects, 2);
    scene_close(&scene);
}

static void redirections_never_turn_in_circles(void **state)
{
    (void)state;
    struct scene scene;
    open_redirected(&scene, 10);
    peer_reply(&scene, "302 Moved", "a",
               "Contact: <sip:peer@example.test>, <sip:b@example.test>\r\n", "");
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "INVITE sip:b@example.test SIP/2.0");
    peer_reply(&scene, "301 Moved", "a", "Contact: <sip:peer@example.test>\r\n", "");
    await(&scene.alice, "ended 301");
    scene_close(&scene);
}

static void only_so_many_are_followed(void **state)
{
    (void)state;
    struct scene scene;
    open_redirected(&scene, 1);
    peer_reply(&scene, "302 Moved", "a", "Contact: <sip:b@example.test>\r\n", "");
    peer_expect(&scene, "ACK ");
    peer_expect(&scene, "INVITE sip:b@example.test SIP/2.0");
    peer_reply(&scene, "302 Moved", "a", "Contact: <sip:c@example.test>\r\n", "");
    await(&scene.alice, "ended 302");
    assert_int_equal(scene.alice.end.redirects, 1);
    scene_close(&scene);
}

static void another_place_is_called_directly(void **state)
{
    (void)state;
    struct scene scene;
    char contact[64];
    open_redirected(&scene, 1);
    snprintf(contact, sizeof contact, "Contact: <sip:bob@127.0.0.1:%u>\r\n",
             agent_port(scene.bob.agent));
    peer_reply(&scene, "302 Moved", "a", contact, "");
    await(&scene.bob, "invited " SDP_OFFER);
    dialog_answer(scene.bob.dialog, SDP_ANSWER);
    await(&scene.alice, "answered " SDP_ANSWER);
    dialog_hangup(scene.alice.dialog, NULL);
    await(&scene.alice, "ended 200");
    assert_int_equal(scene.alice.end.redirects, 1);
    scene_close(&scene);
}

static void from_sips_no_way_leads_to_sip(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.alice.options.redirects = 3;
    party_uses(&scene.alice, scene.peer.port);
    call(&scene.alice, "sips:peer@example.test", SDP_OFFER, NULL);
    peer_expect(&scene, "INVITE ");
    peer_reply(&scene, "302 Moved", "a", "Contact: <sip:b@example.test>\r\n", "");
    await(&scene.alice, "ended 302");
    scene_close(&scene);
}

static void the_next_server_is_asked_when_one_is_unavailable(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    scene.alice.servers[1] = (struct agent_server){.host = "127.0.0.1",
                                                   .port = agent_port(scene.bob.agent),
                                                   .transport = transport_find("udp")};
    scene.alice.identity.server_count = 2;
    party_uses(&scene.alice, scene.peer.port);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    peer_expect(&scene, "INVITE ");
    peer_reply(&scene, "503 Overloaded", "a", "Retry-After: 10\r\n", "");
    await(&scene.bob, "invited");
    dialog_reject(scene.bob.dialog, 503, NULL, "Retry-After: 7\r\n");
    await(&scene.alice, "ended 503");
    assert_int_equal(scene.alice.end.retry_after, 7);
    scene_close(&scene);
}

static void the_next_server_is_asked_when_one_is_silent(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.alice);
    scene.alice.servers[1] = (struct agent_server){.host = "127.0.0.1",
                                                   .port = agent_port(scene.bob.agent),
                                                   .transport = transport_find("udp")};
    scene.alice.identity.server_count = 2;
    party_uses(&scene.alice, scene.peer.port);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.bob, "invited");
    dialog_reject(scene.bob.dialog, 486, NULL, NULL);
    await(&scene.alice, "ended 486");
    scene_close(&scene);
}

static void silence_is_no_answer_and_a_closed_port_cannot_be_reached(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    hurry(&scene.alice);
    party_uses(&scene.alice, scene.peer.port);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.alice, "ended 0");
    assert_false(scene.alice.end.unreachable);
    assert_string_equal(scene.alice.end.reason, "no answer");
    close(scene.peer.fd);
    scene.alice.servers[0].transport = transport_find("tcp");
    dialog_free(scene.alice.dialog);
    scene.alice.dialog = NULL;
    party_uses(&scene.alice, scene.peer.port);
    call(&scene.alice, "sip:bob@example.test", SDP_OFFER, NULL);
    await(&scene.alice, "ended 0");
    assert_true(scene.alice.end.unreachable);
    assert_string_equal(scene.alice.end.trouble, "Connection refused");
    scene_close(&scene);
}

static void an_address_that_is_none_cannot_be_called(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene);
    call(&scene.alice, "<<:", SDP_OFFER, NULL);
    await(&scene.alice, "ended 0");
    assert_true(scene.alice.end.unreachable);
    dialog_hangup(scene.alice.dialog, NULL);
    scene_close(&scene);
}

static void route_set_is_what_the_answer_says(void **state)
{
    (void)state;
    struct scene scene;
    char routes[160];
    scene_open(&scene);
    scene.alice.identity.route = "<sip:edge.example.com;lr>";
    peer_is_called(&scene);
    assert_string_equal(header(scene.peer.request, "Route", 0), "<sip:edge.example.com;lr>");
    snprintf(routes, sizeof routes,
             "Record-Route: <sip:far.test;lr>\r\nRecord-Route: <sip:127.0.0.1:%u;lr>\r\n"
             "Contact: <sip:peer@far.test>\r\n",
             scene.peer.port);
    peer_reply(&scene, "200 OK", "a", routes, SDP_ANSWER);
    const char *ack = peer_expect(&scene, "ACK sip:peer@far.test SIP/2.0");
    assert_non_null(strstr(header(ack, "Route", 0), "127.0.0.1"));
    assert_null(strstr(ack, "edge.example.com"));
    await(&scene.alice, "answered");
    dialog_hangup(scene.alice.dialog, NULL);
    const char *bye = peer_expect(&scene, "BYE sip:peer@far.test SIP/2.0");
    assert_non_null(strstr(bye, "far.test;lr"));
    scene_close(&scene);
}

SPECIFICATION(cmocka_unit_test(redirection_is_not_followed_unasked),
              cmocka_unit_test(contacts_are_tried_by_their_q),
              cmocka_unit_test(redirections_never_turn_in_circles),
              cmocka_unit_test(only_so_many_are_followed),
              cmocka_unit_test(another_place_is_called_directly),
              cmocka_unit_test(from_sips_no_way_leads_to_sip),
              cmocka_unit_test(the_next_server_is_asked_when_one_is_unavailable),
              cmocka_unit_test(the_next_server_is_asked_when_one_is_silent),
              cmocka_unit_test(silence_is_no_answer_and_a_closed_port_cannot_be_reached),
              cmocka_unit_test(an_address_that_is_none_cannot_be_called),
              cmocka_unit_test(route_set_is_what_the_answer_says))
