#include "support/specification.h"

#include "registrar_core.h"
#include "sip/phone.h"

static int start_md5(void **state)
{
    static struct world world;
    world_start(&world, DIGEST_MD5);
    *state = &world;
    return 0;
}

static int stop(void **state)
{
    world_stop(*state);
    return 0;
}

static void registers_with(enum digest_algorithm algorithm, bool stream)
{
    struct world world;
    struct phone alice;
    world_start(&world, algorithm);
    phone_open(&alice, &world, "alice", "secret-a", stream);
    phone_request(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    const char *reply = phone_expect(&alice, "SIP/2.0 401");
    assert_non_null(strstr(reply, digest_algorithm_name(algorithm)));
    assert_non_null(strstr(reply, "realm=\"" REALM "\""));
    assert_non_null(strstr(reply, "qop=\"auth\""));
    phone_answer_challenge(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    reply = phone_expect(&alice, "SIP/2.0 200");
    assert_non_null(strstr(header(reply, "Contact", 0), ";expires=3600"));
    assert_non_null(strstr(header(reply, "To", 0), ";tag="));
    phone_close(&alice);
    world_stop(&world);
    assert_int_equal(world.counts.registrations, 1);
    assert_int_equal(world.counts.bindings, 1);
    assert_int_equal(world.counts.refused, 0);
}

static void a_registration_is_challenged_and_then_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIGEST_ALGORITHMS; i++)
        registers_with((enum digest_algorithm)i, false);
}

static void tcp_registers_on_the_same_port_number(void **state)
{
    (void)state;
    registers_with(DIGEST_SHA_256, true);
}

static void a_wrong_password_is_forbidden(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-b", false);
    phone_register(&alice, "");
    phone_expect(&alice, "SIP/2.0 403");
    phone_close(&alice);
}

static void an_unknown_user_is_forbidden(void **state)
{
    struct phone eve;
    phone_open(&eve, *state, "eve", "secret-a", false);
    phone_register(&eve, "");
    phone_expect(&eve, "SIP/2.0 403");
    phone_close(&eve);
}

static void another_ones_address_of_record_is_forbidden(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_authorized(&alice, "REGISTER", "sip:" REALM, "<sip:bob@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 403");
    phone_close(&alice);
}

static void broken_credentials_are_a_bad_request(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_request(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">",
                  "Authorization: Digest username=\"alice\", realm=\"" REALM "\"\r\n", "");
    phone_expect(&alice, "SIP/2.0 400");
    phone_close(&alice);
}

static void credentials_of_another_realm_or_scheme_are_none(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_request(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">",
                  "Authorization: Digest username=\"alice\", realm=\"elsewhere\"\r\n"
                  "Authorization: NoOneKnowsThisScheme opaque-data=here\r\n",
                  "");
    phone_expect(&alice, "SIP/2.0 401");
    phone_close(&alice);
}

/* The signed request is kept and sent again with another CSeq, so that only the nonce is old. */
static void a_nonce_count_that_was_used_is_stale(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_request(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 401");
    char challenge[8192];
    strcpy(challenge, alice.message);
    phone_answer_challenge(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 200");
    strcpy(alice.message, challenge);
    phone_answer_challenge(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    const char *reply = phone_expect(&alice, "SIP/2.0 401");
    assert_non_null(strstr(header(reply, "WWW-Authenticate", 0), "stale=true"));
    phone_answer_challenge(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 200");
    phone_close(&alice);
}

static void a_retransmitted_registration_is_accepted_again(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_request(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 401");
    char challenge[8192];
    strcpy(challenge, alice.message);
    for (int again = 0; again < 2; again++) {
        alice.cseq = 1;
        strcpy(alice.message, challenge);
        phone_answer_challenge(&alice, "REGISTER", "sip:" REALM, "<sip:alice@" REALM ">", "", "");
        phone_expect(&alice, "SIP/2.0 200");
    }
    phone_close(&alice);
}

static void nonces_expire_and_cannot_be_invented(void **state)
{
    (void)state;
    struct nonces nonces;
    char nonce[NONCE_LENGTH + 1];
    nonces_init(&nonces);
    nonces_issue(&nonces, 1000, nonce);
    assert_true(nonces_use(&nonces, nonce, 1, 7, 1001));
    assert_true(nonces_use(&nonces, nonce, 1, 7, 1002));  /* retransmission */
    assert_false(nonces_use(&nonces, nonce, 1, 8, 1002)); /* replay */
    assert_true(nonces_use(&nonces, nonce, 3, 8, 1002));
    assert_false(nonces_use(&nonces, nonce, 2, 9, 1002));
    assert_true(nonces_use(&nonces, nonce, 4, 9, 999 + NONCE_LIFETIME));
    assert_false(nonces_use(&nonces, nonce, 5, 9, 1000 + NONCE_LIFETIME));
    nonce[NONCE_LENGTH - 1] = nonce[NONCE_LENGTH - 1] == '0' ? '1' : '0';
    assert_false(nonces_use(&nonces, nonce, 1, 7, 1001));
    assert_false(nonces_use(&nonces, "", 1, 7, 1001));
    memset(nonce, '0', NONCE_LENGTH);
    assert_false(nonces_use(&nonces, nonce, 1, 7, 1001));
    nonces_fini(&nonces);
}

static void bindings_are_forgotten_when_they_expire(void **state)
{
    (void)state;
    static const struct registrar_account accounts[] = {{"alice", "a"}, {"bob", "b"}};
    struct location location;
    location_init(&location, accounts, 2);
    struct account *alice = location_find(&location, "alice");
    assert_non_null(alice);
    assert_null(location_find(&location, "Alice"));
    struct wanted_binding wanted = {"sip:alice@127.0.0.1:1", "", "id", 1, 100};
    assert_true(account_bind(alice, &wanted));
    wanted = (struct wanted_binding){"sip:alice@127.0.0.1:2", ";q=1", "id", 2, 200};
    assert_true(account_bind(alice, &wanted));
    assert_int_equal(location_bindings(&location, 99), 2);
    assert_string_equal(account_newest(alice, 99)->uri, "sip:alice@127.0.0.1:2");
    wanted = (struct wanted_binding){"sip:alice@127.0.0.1:1", "", "id", 3, 150};
    assert_true(account_bind(alice, &wanted));
    assert_string_equal(account_newest(alice, 99)->uri, "sip:alice@127.0.0.1:1");
    assert_string_equal(account_newest(alice, 150)->uri, "sip:alice@127.0.0.1:2");
    assert_int_equal(location_bindings(&location, 199), 1);
    assert_null(account_newest(alice, 200));
    location_fini(&location);
}

static void an_account_has_a_bounded_number_of_contacts(void **state)
{
    (void)state;
    static const struct registrar_account accounts[] = {{"alice", "a"}};
    struct location location;
    location_init(&location, accounts, 1);
    struct account *alice = location_find(&location, "alice");
    for (int i = 0; i <= BINDINGS_LIMIT; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "sip:alice@127.0.0.1:%d", 5000 + i);
        struct wanted_binding wanted = {uri, "", "id", 1, 100};
        assert_int_equal(account_bind(alice, &wanted), i < BINDINGS_LIMIT);
    }
    location_fini(&location);
}

/* The lines given are beside the Contact of the phone itself, which every request carries. */
static void contacts_are_listed_with_what_is_left_and_removed(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_register(&alice,
                   "Expires: 60\r\n"
                   "Contact: <sip:alice@127.0.0.1:7001>;q=0.5;expires=1000000;+x=\"a,b\"\r\n");
    const char *reply = phone_expect(&alice, "SIP/2.0 200");
    assert_non_null(strstr(reply, "<sip:alice@127.0.0.1:7001>;q=0.5;+x=\"a,b\";expires=3600"));
    assert_non_null(strstr(reply, ";expires=60"));
    phone_register(&alice, "Contact: <sip:alice@127.0.0.1:7001>;expires=0\r\n");
    reply = phone_expect(&alice, "SIP/2.0 200");
    assert_null(strstr(reply, "7001"));
    assert_non_null(strstr(reply, ";expires=3600"));
    phone_register(&alice, "Expires: 0\r\n");
    reply = phone_expect(&alice, "SIP/2.0 200");
    assert_null(header(reply, "Contact", 0));
    phone_close(&alice);
}

static void raw_register(struct phone *phone, const char *lines)
{
    char text[4096], answer[2048] = "";
    for (int round = 0; round < 2; round++) {
        int length = snprintf(text, sizeof text,
                              "REGISTER sip:" REALM " SIP/2.0\r\n"
                              "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-raw-%u\r\n"
                              "From: <sip:alice@" REALM ">;tag=1\r\nTo: <sip:alice@" REALM ">\r\n"
                              "Call-ID: raw\r\nCSeq: %u REGISTER\r\n%s%s\r\n",
                              phone->port, ++phone->branch, ++phone->cseq, answer, lines);
        phone_send(phone, text, (size_t)length);
        if (round == 1)
            break;
        struct digest_challenge challenge;
        phone_challenge(&challenge, phone_expect(phone, "SIP/2.0 401"));
        struct digest_credentials credentials = {"alice", "secret-a", NULL};
        struct digest_request request = {"REGISTER", "sip:" REALM, NULL, 0};
        struct text out = {0};
        digest_answer(&challenge, &credentials, &request, 1, "c", &out);
        snprintf(answer, sizeof answer, "Authorization: %s\r\n", text_get(&out));
        text_fini(&out);
    }
}

static void a_star_removes_all_and_no_contact_asks(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    raw_register(&alice, "Contact: <sip:a@127.0.0.1:7001>, <sip:a@127.0.0.1:7002>\r\n");
    phone_expect(&alice, "SIP/2.0 200");
    raw_register(&alice, "");
    const char *reply = phone_expect(&alice, "SIP/2.0 200");
    assert_true(strstr(reply, "7001") && strstr(reply, "7002"));
    raw_register(&alice, "Contact: *\r\n");
    phone_expect(&alice, "SIP/2.0 400");
    raw_register(&alice, "Contact: *\r\nExpires: 0\r\n");
    reply = phone_expect(&alice, "SIP/2.0 200");
    assert_null(header(reply, "Contact", 0));
    phone_close(&alice);
}

static void a_contact_that_cannot_be_served_is_refused(void **state)
{
    struct phone alice;
    char self[128];
    phone_open(&alice, *state, "alice", "secret-a", false);
    snprintf(self, sizeof self, "Contact: <sip:alice@127.0.0.1:%u>\r\n", alice.server);
    const char *const refused[] = {"Contact: <sip:alice@192.0.2.1>\r\n",
                                   "Contact: <sip:alice@localhost:5060>\r\n",
                                   "Contact: <sip:alice@127.0.0.1;maddr=192.0.2.1>\r\n",
                                   "Contact: <sip:alice@127.0.0.1;transport=sctp>\r\n",
                                   "Contact: <sip:alice@127.0.0.1:99999>\r\n",
                                   "Contact: <sip:alice@" REALM ">\r\n",
                                   self};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        raw_register(&alice, refused[i]);
        phone_expect(&alice, "SIP/2.0 403");
    }
    raw_register(&alice, "Contact: <tel:+1234>\r\n");
    phone_expect(&alice, "SIP/2.0 400");
    phone_close(&alice);
}

static void a_late_registration_changes_nothing(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    alice.cseq = 100;
    raw_register(&alice, "Contact: <sip:a@127.0.0.1:7001>\r\n");
    phone_expect(&alice, "SIP/2.0 200");
    alice.cseq = 50;
    raw_register(&alice, "Contact: <sip:a@127.0.0.1:7001>;expires=0\r\n");
    phone_expect(&alice, "SIP/2.0 500");
    phone_close(&alice);
}

static void required_extensions_are_refused_by_name(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_register(&alice, "Require: gruu\r\n");
    const char *reply = phone_expect(&alice, "SIP/2.0 420");
    assert_string_equal(header(reply, "Unsupported", 0), "gruu");
    phone_close(&alice);
}

static void a_route_through_the_server_itself_is_no_detour(void **state)
{
    struct phone alice;
    char route[128];
    phone_open(&alice, *state, "alice", "secret-a", false);
    snprintf(route, sizeof route, "Route: <sip:127.0.0.1:%u;lr>\r\n", alice.server);
    phone_register(&alice, route);
    phone_expect(&alice, "SIP/2.0 200");
    phone_close(&alice);
}

static void user_names_are_compared_unescaped(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_authorized(&alice, "REGISTER", "sip:" REALM, "<sip:%61lic%65@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 200");
    phone_authorized(&alice, "REGISTER", "sip:" REALM, "<sip:alice%00@" REALM ">", "", "");
    phone_expect(&alice, "SIP/2.0 403");
    phone_close(&alice);
}

static void another_domain_is_not_served(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_request(&alice, "REGISTER", "sip:other.example", "<sip:alice@other.example>", "", "");
    phone_expect(&alice, "SIP/2.0 403");
    phone_close(&alice);
}

static void options_to_the_server_lists_its_methods(void **state)
{
    struct phone alice;
    phone_open(&alice, *state, "alice", "secret-a", false);
    phone_request(&alice, "OPTIONS", "sip:" REALM, "<sip:" REALM ">", "", "");
    const char *reply = phone_expect(&alice, "SIP/2.0 200");
    assert_non_null(strstr(header(reply, "Allow", 0), "REGISTER"));
    phone_close(&alice);
}

static void a_port_in_use_or_a_public_address_is_an_error(void **state)
{
    struct world *taken = *state, second;
    second = (struct world){.config = taken->config};
    second.config.port = registrar_port(taken->registrar);
    assert_null(loop_thread_start("second", world_begin, world_finish, &second));
    assert_int_equal(second.why, EADDRINUSE);
    second.config.port = 0;
    second.config.address = "0.0.0.0";
    assert_null(loop_thread_start("second", world_begin, world_finish, &second));
    assert_int_equal(second.why, EADDRNOTAVAIL);
}

/* clang-format off */
SPECIFICATION(
    cmocka_unit_test(a_registration_is_challenged_and_then_accepted),
    cmocka_unit_test(tcp_registers_on_the_same_port_number),
    cmocka_unit_test_setup_teardown(a_wrong_password_is_forbidden, start_md5, stop),
    cmocka_unit_test_setup_teardown(an_unknown_user_is_forbidden, start_md5, stop),
    cmocka_unit_test_setup_teardown(another_ones_address_of_record_is_forbidden, start_md5, stop),
    cmocka_unit_test_setup_teardown(broken_credentials_are_a_bad_request, start_md5, stop),
    cmocka_unit_test_setup_teardown(credentials_of_another_realm_or_scheme_are_none, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_nonce_count_that_was_used_is_stale, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_retransmitted_registration_is_accepted_again, start_md5, stop),
    cmocka_unit_test(nonces_expire_and_cannot_be_invented),
    cmocka_unit_test(bindings_are_forgotten_when_they_expire),
    cmocka_unit_test(an_account_has_a_bounded_number_of_contacts),
    cmocka_unit_test_setup_teardown(contacts_are_listed_with_what_is_left_and_removed, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_star_removes_all_and_no_contact_asks, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_contact_that_cannot_be_served_is_refused, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_late_registration_changes_nothing, start_md5, stop),
    cmocka_unit_test_setup_teardown(required_extensions_are_refused_by_name, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_route_through_the_server_itself_is_no_detour, start_md5, stop),
    cmocka_unit_test_setup_teardown(user_names_are_compared_unescaped, start_md5, stop),
    cmocka_unit_test_setup_teardown(another_domain_is_not_served, start_md5, stop),
    cmocka_unit_test_setup_teardown(options_to_the_server_lists_its_methods, start_md5, stop),
    cmocka_unit_test_setup_teardown(a_port_in_use_or_a_public_address_is_an_error, start_md5, stop))
/* clang-format on */
