/* Challenges to REGISTER, and how a registration that failed says why. */
#include "support/specification.h"

#include "sip/scripted.h"

#define TWICE(test)                           \
    static void test##_over_udp(void **state) \
    {                                         \
        (void)state;                          \
        test(false);                          \
    }                                         \
    static void test##_over_tcp(void **state) \
    {                                         \
        (void)state;                          \
        test(true);                           \
    }

static const struct step accepts[] = {{"200 OK", GRANTED, NULL}, {0}};

static void a_registration_is_granted(bool stream)
{
    struct client client;
    client_open(&client, accepts, stream);
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_int_equal(result->status, 200);
    assert_int_equal(result->expires, 60);
    assert_int_equal(result->failure, FAILURE_NONE);
    assert_int_equal(result->retry_after, -1);
    assert_int_equal(result->attempts, 1);
    assert_in_range(result->time_ns, 1, NS_PER_S);
    assert_string_equal(result->realm, "");
    assert_int_equal(client.done_count, 1);
    assert_int_equal(client.sent, 1);
    assert_int_equal(client.received, 1);
    client_close(&client);
}
TWICE(a_registration_is_granted)

static void a_challenge_is_answered(bool stream)
{
    static const struct step steps[] = {
        {"401 Unauthorized", DIGEST_OF("one", "n1", ", qop=\"auth-int,auth\""), NULL},
        {"200 OK", GRANTED, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, stream);
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_int_equal(result->attempts, 2);
    assert_string_equal(result->realm, "one");
    assert_int_equal(client.registrars[0].count, 2);
    assert_int_equal(client_asked(&client, "Authorization:"), 1);
    assert_int_equal(client_asked(&client, "nc=00000001"), 1);
    assert_int_equal(client_asked(&client, "qop=auth,"), 1);
    assert_non_null(strstr(client.registrars[0].requests[1], "CSeq: "));
    assert_string_not_equal(header(client.registrars[0].requests[0], "CSeq", 0),
                            header(client.registrars[0].requests[1], "CSeq", 0));
    client_close(&client);
}
TWICE(a_challenge_is_answered)

/* RFC 8760 2.4: of one realm the topmost that is known, and all realms. */
static void of_several_challenges_the_topmost_known_of_each_realm_is_answered(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"401 Unauthorized",
         DIGEST_OF("one", "a", ", algorithm=SHA3-512") DIGEST_OF("one", "b", ", algorithm=SHA-256")
             DIGEST_OF("one", "c", ", algorithm=MD5")
                 DIGEST_OF("two", "d", "") "WWW-Authenticate: Basic realm=\"three\"\r\n",
         NULL},
        {"200 OK", GRANTED, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, false);
    assert_true(client_registers(&client)->ok);
    const char *second = client.registrars[0].requests[1];
    assert_int_equal(headers(second, "Authorization"), 2);
    assert_non_null(strstr(header(second, "Authorization", 0), "nonce=\"b\""));
    assert_non_null(strstr(header(second, "Authorization", 0), "algorithm=SHA-256"));
    assert_non_null(strstr(header(second, "Authorization", 1), "realm=\"two\""));
    client_close(&client);
}

static void a_proxy_and_the_registrar_may_both_challenge(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"407 Proxy Authentication Required",
         "Proxy-Authenticate: Digest realm=\"edge\", nonce=\"e\", qop=\"auth\"\r\n", NULL},
        {"401 Unauthorized", DIGEST_OF("core", "c", ""), NULL},
        {"200 OK", GRANTED, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, false);
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_string_equal(result->realm, "core");
    const char *third = client.registrars[0].requests[2];
    assert_non_null(strstr(header(third, "Proxy-Authorization", 0), "nc=00000002"));
    assert_non_null(strstr(header(third, "Authorization", 0), "realm=\"core\""));
    client_close(&client);
}

static void a_stale_nonce_is_replaced_and_says_nothing_of_the_password(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"401 Unauthorized", DIGEST_OF("one", "old", ""), NULL},
        {"401 Unauthorized", DIGEST_OF("one", "new", ", stale=true"), NULL},
        {"200 OK", GRANTED, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, false);
    assert_true(client_registers(&client)->ok);
    assert_int_equal(client_asked(&client, "nonce=\"new\""), 2);
    client_close(&client);
}

/* nonce count over requests, and RFC 7616 3.5. */
static void the_removal_counts_the_nonce_on_or_takes_the_next_one(void **state)
{
    (void)state;
    static const char *const infos[] = {GRANTED,
                                        GRANTED "Authentication-Info: nextnonce=\"later\"\r\n"};
    for (size_t i = 0; i < 2; i++) {
        const struct step steps[] = {
            {"401 Unauthorized", DIGEST_OF("one", "first", ", qop=\"auth\""), NULL},
            {"200 OK", infos[i], NULL},
            {"200 OK", NULL, NULL},
            {0}};
        struct client client;
        client_open(&client, steps, false);
        client.does = LEAVES_WHEN_DONE;
        client_registers(&client);
        assert_true(client.ended_ok);
        assert_int_equal(client.registrars[0].count, 3);
        const char *removal = header(client.registrars[0].requests[2], "Authorization", 0);
        assert_non_null(strstr(removal, i ? "nonce=\"later\"" : "nonce=\"first\""));
        assert_non_null(strstr(removal, i ? "nc=00000001" : "nc=00000002"));
        client_close(&client);
    }
}

/* It does not say of which realm it is. */
static void a_next_nonce_for_two_realms_is_for_none(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"401 Unauthorized", DIGEST_OF("one", "a", "") DIGEST_OF("two", "b", ""), NULL},
        {"200 OK", GRANTED "Authentication-Info: nextnonce=\"later\"\r\n", NULL},
        {"200 OK", NULL, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, false);
    client.does = LEAVES_WHEN_DONE;
    client_registers(&client);
    assert_true(client.ended_ok);
    assert_int_equal(client_asked(&client, "later"), -1);
    client_close(&client);
}

/* ---- what went wrong ---------------------------------------------------------------------- */

static void wrong_credentials_end_after_one_answer(bool stream)
{
    static const struct step steps[] = {{"401 Unauthorized", DIGEST_OF("one", "n", ""), NULL}, {0}};
    struct client client;
    client_open(&client, steps, stream);
    const struct event_registration *result = client_registers(&client);
    assert_false(result->ok);
    assert_int_equal(result->failure, FAILURE_CREDENTIALS);
    assert_int_equal(result->status, 401);
    assert_int_equal(result->attempts, 2);
    assert_string_equal(result->realm, "one");
    assert_int_equal(client.registrars[0].count, 2);
    client_close(&client);
}
TWICE(wrong_credentials_end_after_one_answer)

static void a_challenge_that_cannot_be_answered_is_told_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *headers, *told;
    } cases[] = {
        {DIGEST_OF("theirs", "n", ""), "realm \"theirs\", the account for \"ours\""},
        {DIGEST_OF("ours", "n", ", algorithm=SHA3"), "algorithm SHA3"},
        {"WWW-Authenticate: Bearer realm=\"ours\"\r\n", "scheme Bearer"},
        {"WWW-Authenticate: Digest realm=\"ours\"\r\n", "no usable realm or nonce"},
        {"", "no challenge"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{"401 Unauthorized", cases[i].headers, NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        client.identity.credentials.realm = "ours";
        const struct event_registration *result = client_registers(&client);
        assert_int_equal(result->failure, FAILURE_REFUSED);
        assert_int_equal(result->status, 401);
        assert_int_equal(client.registrars[0].count, 1);
        if (!strstr(result->trouble, cases[i].told))
            fail_msg("\"%s\" does not say \"%s\"", result->trouble, cases[i].told);
        client_close(&client);
    }
}

static void a_realm_of_the_account_picks_its_challenge(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"401 Unauthorized", DIGEST_OF("theirs", "1", "") DIGEST_OF("ours", "2", ""), NULL},
        {"200 OK", GRANTED, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, false);
    client.identity.credentials.realm = "ours";
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_string_equal(result->realm, "ours");
    assert_int_equal(headers(client.registrars[0].requests[1], "Authorization"), 1);
    client_close(&client);
}

static void refusals_keep_their_status_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint16_t status;
        const char *reason;
        enum event_failure failure;
    } cases[] = {{"403 Wrong password", 403, "Wrong password", FAILURE_REFUSED},
                 {"404 Not Found", 404, "Not Found", FAILURE_REFUSED},
                 {"408 Request Timeout", 408, "Request Timeout", FAILURE_REFUSED},
                 {"500 Oops", 500, "Oops", FAILURE_REFUSED},
                 {"603 Decline", 603, "Decline", FAILURE_REFUSED},
                 {"302 Moved", 302, "Moved", FAILURE_REDIRECTED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{cases[i].line, "Contact: <sip:else@127.0.0.1:9>\r\n", NULL},
                                     {0}};
        struct client client;
        client_open(&client, steps, i % 2);
        const struct event_registration *result = client_registers(&client);
        assert_false(result->ok);
        assert_false(result->timed_out);
        assert_int_equal(result->status, cases[i].status);
        assert_string_equal(result->reason, cases[i].reason);
        assert_int_equal(result->failure, cases[i].failure);
        assert_true(result->time_ns > 0);
        assert_int_equal(client.registrars[0].count, 1);
        client_close(&client);
    }
}

static void silence_is_no_answer_and_its_repetitions_are_seen(void **state)
{
    (void)state;
    static const struct step steps[] = {{"", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    client_hurries(&client);
    const struct event_registration *result = client_registers(&client);
    assert_int_equal(result->failure, FAILURE_NO_ANSWER);
    assert_true(result->timed_out);
    assert_int_equal(result->status, 0);
    assert_true(result->time_ns == EVENT_NONE);
    assert_int_equal(result->attempts, 1);
    assert_true(client.registrars[0].repeats > 1);
    assert_int_equal(client.repeated, client.registrars[0].repeats);
    client_close(&client);
}

static void nobody_there_is_unreachable(bool stream)
{
    struct client client;
    client_open(&client, accepts, stream);
    scripted_close(&client.registrars[0]);
    uint16_t port = client.registrars[0].port;
    client.registrars[0] = (struct scripted){.listener = -1, .fd = -1};
    const struct event_registration *result = client_registers(&client);
    char server[64];
    snprintf(server, sizeof server, "127.0.0.1:%u/%s", port, stream ? "tcp" : "udp");
    assert_int_equal(result->failure, FAILURE_UNREACHABLE);
    assert_false(result->timed_out);
    assert_int_equal(result->status, 0);
    assert_string_equal(result->server, server);
    assert_non_null(strstr(result->trouble, "refused"));
    client_close(&client);
}
TWICE(nobody_there_is_unreachable)

/* ---- a 2xx is not always a binding -------------------------------------------------------- */

static void a_2xx_without_our_binding_is_no_success(void **state)
{
    (void)state;
    static const struct {
        const char *headers, *reason;
    } cases[] = {{"", "OK, but our Contact is not among its bindings"},
                 {"Contact: <sip:bob@127.0.0.1:5060>;expires=60\r\n",
                  "OK, but our Contact is not among its bindings"},
                 {"Contact: $C;expires=0\r\n", "OK, but it grants 0 seconds"},
                 {"Contact: $C\r\nExpires: 0\r\n", "OK, but it grants 0 seconds"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{"200 OK", cases[i].headers, NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        const struct event_registration *result = client_registers(&client);
        assert_false(result->ok);
        assert_int_equal(result->status, 200);
        assert_int_equal(result->failure, FAILURE_REFUSED);
        assert_int_equal(result->expires, -1);
        assert_string_equal(result->reason, cases[i].reason);
        client_close(&client);
    }
}

static void what_is_granted_stands_with_our_contact_else_in_expires(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        int32_t expires;
    } cases[] = {
        {"Contact: <sip:alice@127.0.0.1:9>;expires=11\r\nContact: $C;expires=22\r\n", 22},
        {"Contact: $C;q=0.5\r\nExpires: 33\r\n", 33},
        {"Contact: $C;expires=\"44\"\r\nExpires: 33\r\n", 33},
        {"Contact: $C;expires=44x\r\nExpires: 33\r\n", 33},
        {"Contact: $C\r\n", -1},
        {"Contact: $C;expires=99999999999999999999\r\n", INT32_MAX},
        /* What stands between us has put its own address there. */
        {"Contact: <sip:alice@192.0.2.1:5060>;expires=55\r\n", 55},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{i % 2 ? "202 Accepted" : "200 OK", cases[i].headers, NULL},
                                     {0}};
        struct client client;
        client_open(&client, steps, false);
        const struct event_registration *result = client_registers(&client);
        assert_true(result->ok);
        assert_int_equal(result->expires, cases[i].expires);
        client_close(&client);
    }
}

/* The embedded registrar really checks. */
static void every_algorithm_is_answered_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIGEST_ALGORITHMS; i++) {
        struct world world;
        struct client client;
        world_start(&world, (enum digest_algorithm)i);
        client_open(&client, accepts, i % 2);
        client.servers[0].port = registrar_port(world.registrar);
        client.does = LEAVES_WHEN_DONE;
        assert_true(client_registers(&client)->ok);
        assert_true(client.ended_ok);
        assert_string_equal(client.done.realm, REALM);
        client_close(&client);
        world_stop(&world);
        assert_int_equal(world.counts.bindings, 0);
    }
}

static void a_username_of_any_kind_stays_whole(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", GRANTED, NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    client.identity.username = "a;b,c?d";
    assert_true(client_registers(&client)->ok);
    const char *request = client.registrars[0].requests[0];
    static const char whole[] = "<sip:a;b,c?d@" REALM ">";
    assert_string_equal(header(request, "To", 0), whole);
    assert_memory_equal(header(request, "From", 0), whole, sizeof whole - 1);
    client_close(&client);
}

SPECIFICATION(cmocka_unit_test(a_username_of_any_kind_stays_whole),
              cmocka_unit_test(a_registration_is_granted_over_udp),
              cmocka_unit_test(a_registration_is_granted_over_tcp),
              cmocka_unit_test(a_challenge_is_answered_over_udp),
              cmocka_unit_test(a_challenge_is_answered_over_tcp),
              cmocka_unit_test(of_several_challenges_the_topmost_known_of_each_realm_is_answered),
              cmocka_unit_test(a_proxy_and_the_registrar_may_both_challenge),
              cmocka_unit_test(a_stale_nonce_is_replaced_and_says_nothing_of_the_password),
              cmocka_unit_test(the_removal_counts_the_nonce_on_or_takes_the_next_one),
              cmocka_unit_test(a_next_nonce_for_two_realms_is_for_none),
              cmocka_unit_test(wrong_credentials_end_after_one_answer_over_udp),
              cmocka_unit_test(wrong_credentials_end_after_one_answer_over_tcp),
              cmocka_unit_test(a_challenge_that_cannot_be_answered_is_told_with_its_reason),
              cmocka_unit_test(a_realm_of_the_account_picks_its_challenge),
              cmocka_unit_test(refusals_keep_their_status_and_reason),
              cmocka_unit_test(silence_is_no_answer_and_its_repetitions_are_seen),
              cmocka_unit_test(nobody_there_is_unreachable_over_udp),
              cmocka_unit_test(nobody_there_is_unreachable_over_tcp),
              cmocka_unit_test(a_2xx_without_our_binding_is_no_success),
              cmocka_unit_test(what_is_granted_stands_with_our_contact_else_in_expires),
              cmocka_unit_test(every_algorithm_is_answered_right))
