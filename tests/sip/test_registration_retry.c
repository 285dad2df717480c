/* What a registrar asks to be tried again, and what a hostile one never gets out of it. */
#include "support/specification.h"

#include "sip/scripted.h"

#define HEADER(name, value) name ": " value "\r\n"

/* ---- 423 ---------------------------------------------------------------------------------- */

static void a_longer_time_that_is_asked_for_is_given(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {"423 Interval Too Brief", HEADER("Min-Expires", "600"), NULL},
        {"423 Interval Too Brief", HEADER("Min-Expires", "900"), NULL},
        {"200 OK", "Contact: $C;expires=900\r\n", NULL},
        {0}};
    struct client client;
    client_open(&client, steps, true);
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_int_equal(result->expires, 900);
    assert_int_equal(result->attempts, 3);
    assert_string_equal(header(client.registrars[0].requests[1], "Expires", 0), "600");
    assert_string_equal(header(client.registrars[0].requests[2], "Expires", 0), "900");
    client_close(&client);
}

static void a_423_that_cannot_be_followed_is_a_refusal(void **state)
{
    (void)state;
    static const char *const cases[] = {"", HEADER("Min-Expires", "60"), /* what we asked for */
                                        HEADER("Min-Expires", "4294967295"),
                                        HEADER("Min-Expires", "99999999999999999999999"),
                                        HEADER("Min-Expires", "soon")};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{"423 Interval Too Brief", cases[i], NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        const struct event_registration *result = client_registers(&client);
        assert_int_equal(result->status, 423);
        assert_int_equal(result->failure, FAILURE_REFUSED);
        assert_int_equal(client.registrars[0].count, 1);
        client_close(&client);
    }
}

/* ---- Retry-After -------------------------------------------------------------------------- */

static void retry_after_is_honoured(bool stream)
{
    static const struct step steps[] = {
        {"503 Busy", HEADER("Retry-After", "7 (in a meeting);duration=9"), NULL},
        {"480 Not Yet", HEADER("Retry-After", "0"), NULL},
        {"200 OK", GRANTED, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, stream);
    client.skips = true;
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_int_equal(result->attempts, 3);
    assert_int_equal(result->retry_after, -1);
    assert_int_equal((client.waits[0] + NS_PER_S / 2) / NS_PER_S, 7);
    client_close(&client);
}

static void retry_after_is_honoured_over_udp(void **state)
{
    (void)state;
    retry_after_is_honoured(false);
}

static void retry_after_is_honoured_over_tcp(void **state)
{
    (void)state;
    retry_after_is_honoured(true);
}

/* A registrar may forget its nonces while we wait. */
static void after_a_wait_the_challenges_begin_anew(void **state)
{
    (void)state;
    static const struct step steps[] = {{"401 Unauthorized", DIGEST_OF("one", "a", ""), NULL},
                                        {"503 Busy", HEADER("Retry-After", "0"), NULL},
                                        {"401 Unauthorized", DIGEST_OF("one", "b", ""), NULL},
                                        {"200 OK", GRANTED, NULL},
                                        {0}};
    struct client client;
    client_open(&client, steps, false);
    assert_true(client_registers(&client)->ok);
    client_close(&client);
}

static void every_response_that_may_have_a_retry_after_is_tried_three_times_more(void **state)
{
    (void)state;
    static const char *const lines[] = {"404 No", "413 No", "480 No", "486 No",
                                        "500 No", "503 No", "600 No", "603 No"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct step steps[] = {{lines[i], HEADER("Retry-After", "0"), NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        const struct event_registration *result = client_registers(&client);
        assert_false(result->ok);
        assert_int_equal(result->failure, FAILURE_REFUSED);
        assert_int_equal(result->retry_after, 0);
        assert_int_equal(result->attempts, 4);
        assert_int_equal(client.registrars[0].count, 4);
        client_close(&client);
    }
}

static void a_wait_that_is_too_long_is_told_and_not_waited_for(void **state)
{
    (void)state;
    static const struct {
        const char *line, *value;
        int32_t told;
    } cases[] = {
        {"503 Busy", HEADER("Retry-After", "33"), 33},
        {"503 Busy", HEADER("Retry-After", "18000;duration=3600"), 18000},
        {"503 Busy", HEADER("Retry-After", "99999999999999999999"), INT32_MAX},
        {"503 Busy", HEADER("Retry-After", "-1"), -1},
        {"503 Busy", HEADER("Retry-After", "Tue, 01 Jan 2030 00:00:00 GMT"), -1},
        {"503 Busy", HEADER("Retry-After", "5 (never closed"), -1},
        {"403 Forbidden", HEADER("Retry-After", "0"), 0}, /* not one of those that may */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{cases[i].line, cases[i].value, NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        const struct event_registration *result = client_registers(&client);
        assert_int_equal(result->failure, FAILURE_REFUSED);
        assert_int_equal(result->retry_after, cases[i].told);
        assert_int_equal(client.registrars[0].count, 1);
        client_close(&client);
    }
}

/* ---- the next server ---------------------------------------------------------------------- */

static const struct step accepts[] = {{"200 OK", GRANTED, NULL}, {0}};

static void a_busy_server_gives_way_to_the_next_one_and_its_transport(void **state)
{
    (void)state;
    static const struct step busy[] = {{"503 Busy", NULL, NULL}, {0}};
    static const struct step long_busy[] = {{"503 Busy", HEADER("Retry-After", "60"), NULL}, {0}};
    struct client client;
    client_open(&client, busy, false);
    client_add(&client, long_busy, true);
    client_add(&client, accepts, true);
    const struct event_registration *result = client_registers(&client);
    char server[64];
    snprintf(server, sizeof server, "127.0.0.1:%u/tcp", client.registrars[2].port);
    assert_true(result->ok);
    assert_string_equal(result->server, server);
    assert_int_equal(result->attempts, 3);
    const char *first = client.registrars[0].requests[0], *last = client.registrars[2].requests[0];
    assert_null(strstr(header(first, "Contact", 0), "transport=tcp"));
    assert_non_null(strstr(header(last, "Contact", 0), "transport=tcp"));
    assert_string_not_equal(strstr(header(first, "Via", 0), "branch="),
                            strstr(header(last, "Via", 0), "branch="));
    assert_string_equal(header(first, "Call-ID", 0), header(last, "Call-ID", 0));
    client_close(&client);
}

static void another_server_is_better_than_a_wait(void **state)
{
    (void)state;
    static const struct step busy[] = {{"503 Busy", HEADER("Retry-After", "1"), NULL}, {0}};
    struct client client;
    client_open(&client, busy, false);
    client_add(&client, accepts, false);
    const struct event_registration *result = client_registers(&client);
    assert_true(result->ok);
    assert_int_equal(client.registrars[0].count, 1);
    assert_int_equal(client.registrars[1].count, 1);
    client_close(&client);
}

static void a_server_that_is_silent_or_not_there_gives_way_to_the_next_one(void **state)
{
    (void)state;
    static const struct step silent[] = {{"", NULL, NULL}, {0}};
    for (int there = 0; there < 2; there++) {
        struct client client;
        client_open(&client, silent, false);
        client_hurries(&client);
        client_add(&client, accepts, false);
        if (!there) {
            scripted_close(&client.registrars[0]);
            client.registrars[0] = (struct scripted){.listener = -1, .fd = -1};
        }
        const struct event_registration *result = client_registers(&client);
        assert_true(result->ok);
        assert_int_equal(result->attempts, 2);
        assert_int_equal(client.registrars[1].count, 1);
        client_close(&client);
    }
}

static void other_refusals_are_the_answer_of_all_servers(void **state)
{
    (void)state;
    static const struct step refuses[] = {{"500 Oops", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, refuses, false);
    client_add(&client, accepts, false);
    assert_int_equal(client_registers(&client)->status, 500);
    assert_int_equal(client.registrars[1].count, 0);
    client_close(&client);
}

static void the_last_server_has_the_last_word(void **state)
{
    (void)state;
    static const struct step busy[] = {{"503 Busy", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, busy, false);
    client_add(&client, busy, false);
    const struct event_registration *result = client_registers(&client);
    assert_int_equal(result->status, 503);
    assert_int_equal(result->failure, FAILURE_REFUSED);
    assert_int_equal(result->attempts, 2);
    client_close(&client);
}

/* ---- hostile registrars ------------------------------------------------------------------- */

static void new_nonce(struct text *headers, unsigned request)
{
    text_printf(headers, DIGEST_OF("one", "n%u", ", stale=true"), request);
}

static void new_realm(struct text *headers, unsigned request)
{
    text_printf(headers, DIGEST_OF("realm-%u", "n%u", ""), request, request);
}

static void new_realms(struct text *headers, unsigned request)
{
    for (unsigned i = 0; i < 100; i++)
        text_printf(headers, DIGEST_OF("realm-%u-%u", "n", ""), request, i);
}

static void longer_each_time(struct text *headers, unsigned request)
{
    text_printf(headers, "Min-Expires: %u\r\n", request * 1000);
}

static void long_nonce(struct text *headers, unsigned request)
{
    (void)request;
    text_printf(headers, "WWW-Authenticate: Digest realm=\"r\", nonce=\"%064000d\"\r\n", 7);
}

static void quotes(struct text *headers, unsigned request)
{
    (void)request;
    text_add(headers, "WWW-Authenticate: Digest realm=\"r nonce=\"n\", opaque=\"\\\r\n");
}

static void no_commas(struct text *headers, unsigned request)
{
    (void)request;
    text_add(headers, "WWW-Authenticate: Digest realm=\"r\" nonce=\"n\" qop=\"auth\"\r\n");
}

static void anything(struct text *headers, unsigned request)
{
    if (request % 2)
        new_nonce(headers, request);
    else
        new_realm(headers, request);
    longer_each_time(headers, request);
    text_add(headers, "Retry-After: 0\r\n");
}

static void a_hostile_registrar_ends_in_bounded_messages(void **state)
{
    (void)state;
    static const struct {
        struct step step;
        enum event_failure failure;
        unsigned most;
    } cases[] = {
        {{"401 Again", NULL, new_nonce}, FAILURE_CREDENTIALS, 4},
        {{"407 Again", NULL, new_nonce}, FAILURE_REFUSED, 1}, /* no Proxy-Authenticate */
        {{"401 Again", NULL, new_realm}, FAILURE_CREDENTIALS, 7},
        {{"401 Again", NULL, new_realms}, FAILURE_CREDENTIALS, 7},
        {{"401 Again", NULL, long_nonce}, FAILURE_REFUSED, 1},
        {{"401 Again", NULL, quotes}, FAILURE_REFUSED, 1},
        {{"401 Again", NULL, no_commas}, FAILURE_REFUSED, 1},
        {{"401 Again", NULL, anything}, FAILURE_CREDENTIALS, 7},
        {{"423 Longer", NULL, longer_each_time}, FAILURE_REFUSED, 3},
        {{"503 Later", NULL, anything}, FAILURE_REFUSED, 4},
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {cases[i / 2].step, {0}};
        struct client client;
        client_open(&client, steps, i % 2);
        const struct event_registration *result = client_registers(&client);
        assert_false(result->ok);
        assert_int_equal(result->failure, cases[i / 2].failure);
        assert_int_equal(client.registrars[0].count, cases[i / 2].most);
        assert_int_equal(client.registrars[0].repeats, 0);
        client_close(&client);
    }
}

/* Each answer allows another try by itself; the sum of them must end. */
static void registrars_that_do_everything_to_keep_us_come_to_an_end(void **state)
{
    (void)state;
    static const struct step challenge = {"401 Again", NULL, new_realm};
    static const struct step later = {"503 Later", NULL, anything};
    struct step steps[29] = {{0}};
    for (unsigned i = 0; i < 28; i++)
        steps[i] = i % 7 < 6 ? challenge : later;
    struct client client;
    client_open(&client, steps, false);
    client_add(&client, steps, false);
    client_add(&client, steps, false);
    const struct event_registration *result = client_registers(&client);
    assert_false(result->ok);
    assert_int_equal(result->attempts, 40);
    assert_true(client.registrars[2].count > 0);
    client_close(&client);
}

static void many_bindings(struct text *headers, unsigned request)
{
    (void)request;
    for (unsigned i = 0; i < 1000; i++)
        text_printf(headers, "Contact: <sip:bob-%u@192.0.2.1>;expires=9\r\n", i);
    text_add(headers, GRANTED);
}

static void giant_headers(struct text *headers, unsigned request)
{
    (void)request;
    text_printf(headers, "X-Giant: %040000d\r\nService-Route: <sip:%05000d@h;lr>\r\n", 1, 2);
    text_add(headers, GRANTED);
}

static void our_binding_is_found_among_a_thousand_and_behind_giants(void **state)
{
    (void)state;
    static const struct step cases[] = {{"200 OK", NULL, many_bindings},
                                        {"200 OK", NULL, giant_headers}};
    for (size_t i = 0; i < 2; i++) {
        const struct step steps[] = {cases[i], {0}};
        struct client client;
        client_open(&client, steps, i == 1);
        const struct event_registration *result = client_registers(&client);
        assert_true(result->ok);
        assert_int_equal(result->expires, 60);
        assert_null(client.user->route);
        client_close(&client);
    }
}

SPECIFICATION(
    cmocka_unit_test(a_longer_time_that_is_asked_for_is_given),
    cmocka_unit_test(a_423_that_cannot_be_followed_is_a_refusal),
    cmocka_unit_test(retry_after_is_honoured_over_udp),
    cmocka_unit_test(retry_after_is_honoured_over_tcp),
    cmocka_unit_test(after_a_wait_the_challenges_begin_anew),
    cmocka_unit_test(every_response_that_may_have_a_retry_after_is_tried_three_times_more),
    cmocka_unit_test(a_wait_that_is_too_long_is_told_and_not_waited_for),
    cmocka_unit_test(a_busy_server_gives_way_to_the_next_one_and_its_transport),
    cmocka_unit_test(another_server_is_better_than_a_wait),
    cmocka_unit_test(a_server_that_is_silent_or_not_there_gives_way_to_the_next_one),
    cmocka_unit_test(other_refusals_are_the_answer_of_all_servers),
    cmocka_unit_test(the_last_server_has_the_last_word),
    cmocka_unit_test(a_hostile_registrar_ends_in_bounded_messages),
    cmocka_unit_test(registrars_that_do_everything_to_keep_us_come_to_an_end),
    cmocka_unit_test(our_binding_is_found_among_a_thousand_and_behind_giants))
