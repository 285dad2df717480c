/* From the binding to its end: refreshes, keepalives, routes, and the removal. */
#include "support/specification.h"

#include "sip/scripted.h"

#define LONG "Contact: $C;expires=3600\r\n"
#define ROUTES "Service-Route: <sip:a.example;lr>, <sip:b.example;lr>\r\n"

/* ---- refreshes ---------------------------------------------------------------------------- */

static void assert_waited(const struct client *client, unsigned index, int64_t ms)
{
    assert_true(index < client->wait_count);
    int64_t waited = client->waits[index] / NS_PER_MS;
    /* What has passed since the answer came. */
    if (waited > ms || waited < ms - 400)
        fail_msg("wait %u is %lld ms, not %lld", index, (long long)waited, (long long)ms);
}

/* Three quarters, but not in the last 5 s, and not in the first half. */
static void a_binding_is_refreshed_well_before_its_end(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", LONG, NULL},
                                        {"200 OK", "Contact: $C;expires=16\r\n", NULL},
                                        {"200 OK", "Contact: $C;expires=8\r\n", NULL},
                                        {"200 OK", "Contact: $C;expires=1\r\n", NULL},
                                        {"200 OK", "Contact: $C\r\nExpires: 100\r\n", NULL},
                                        {"200 OK", "Contact: $C\r\n", NULL}, /* as we asked */
                                        {"200 OK", "Contact: $C;expires=4294967295\r\n", NULL},
                                        {"403 Gone", NULL, NULL},
                                        {0}};
    static const int64_t ms[] = {2700000, 11000, 4000, 500, 75000, 45000};
    struct client client;
    client_open(&client, steps, false);
    client.does = STAYS;
    client.skips = true;
    client_registers(&client);
    for (unsigned i = 0; i < sizeof ms / sizeof *ms; i++)
        assert_waited(&client, i, ms[i]);
    assert_int_equal(client.registrars[0].count, 8);
    client_close(&client);
}

static void a_refresh_that_is_refused_is_told_once(bool stream)
{
    static const struct step steps[] = {
        {"401 Unauthorized", DIGEST_OF("one", "n", ", qop=\"auth\""), NULL},
        {"200 OK", LONG, NULL},
        {"200 OK", LONG, NULL},
        {"403 Gone", NULL, NULL},
        {0}};
    struct client client;
    client_open(&client, steps, stream);
    client.does = STAYS;
    client.skips = true;
    client_registers(&client);
    assert_int_equal(client.done_count, 1);
    assert_int_equal(client.done.expires, 3600);
    assert_int_equal(client.lost_count, 1);
    assert_false(client.lost.ok);
    assert_int_equal(client.lost.failure, FAILURE_REFRESH);
    assert_int_equal(client.lost.status, 403);
    assert_string_equal(client.lost.reason, "Gone");
    assert_int_equal(client.lost.attempts, 1);
    assert_int_equal(client.registrars[0].count, 4);
    assert_non_null(strstr(client.registrars[0].requests[3], "nc=00000003"));
    client_close(&client);
}

static void a_refresh_that_is_refused_is_told_once_over_udp(void **state)
{
    (void)state;
    a_refresh_that_is_refused_is_told_once(false);
}

static void a_refresh_that_is_refused_is_told_once_over_tcp(void **state)
{
    (void)state;
    a_refresh_that_is_refused_is_told_once(true);
}

static void a_refresh_that_is_not_answered_is_lost_with_the_binding(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", LONG, NULL}, {"", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    client.does = STAYS;
    client.skips = true;
    client_make(&client, 60);
    registration_start(client.registration);
    while (client.registrars[0].count < 2)
        loop_step(client.loop);
    client_skip(&client);
    client_run(&client);
    assert_waited(&client, 1, 900000);
    assert_int_equal(client.lost_count, 1);
    assert_int_equal(client.lost.failure, FAILURE_REFRESH);
    assert_true(client.lost.timed_out);
    assert_int_equal(client.lost.status, 0);
    assert_string_equal(client.lost.reason, "no answer before the binding expired");
    client_close(&client);
}

static void a_failed_refresh_is_tried_again_while_the_binding_lives(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", LONG, NULL},
                                        {"500 Oops", NULL, NULL},
                                        {"503 Later", "Retry-After: 300\r\n", NULL},
                                        {"200 OK", LONG, NULL},
                                        {"480 Never", "Retry-After: 901\r\n", NULL},
                                        {0}};
    struct client client;
    client_open(&client, steps, false);
    client.does = STAYS;
    client.skips = true;
    client_registers(&client);
    assert_waited(&client, 1, 450000); /* the middle of what is left */
    assert_waited(&client, 2, 300000);
    assert_waited(&client, 3, 2700000);
    assert_int_equal(client.registrars[0].count, 5);
    assert_int_equal(client.lost_count, 1);
    assert_int_equal(client.lost.status, 480);
    assert_int_equal(client.lost.retry_after, 901);
    client_close(&client);
}

static void a_refresh_without_our_binding_is_lost(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", LONG, NULL}, {"200 OK", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    client.does = STAYS;
    client.skips = true;
    client_registers(&client);
    assert_int_equal(client.lost.failure, FAILURE_REFRESH);
    assert_int_equal(client.lost.status, 200);
    client_close(&client);
}

static void a_refresh_takes_the_next_server_and_what_it_had_to_raise(void **state)
{
    (void)state;
    static const struct step steps[] = {{"423 Longer", "Min-Expires: 600\r\n", NULL},
                                        {"200 OK", "Contact: $C;expires=600\r\n", NULL},
                                        {"503 Busy", NULL, NULL},
                                        {0}};
    static const struct step next[] = {{"403 Gone", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    client_add(&client, next, false);
    client.does = STAYS;
    client.skips = true;
    client_registers(&client);
    assert_int_equal(client.lost.status, 403);
    assert_int_equal(client.lost.attempts, 2);
    assert_string_equal(header(client.registrars[1].requests[0], "Expires", 0), "600");
    client_close(&client);
}

/* ---- the removal -------------------------------------------------------------------------- */

static struct client removes(const struct step *removal, bool hurries)
{
    struct step steps[8] = {{"200 OK", GRANTED, NULL}};
    struct client client;
    for (size_t i = 0; removal[i].status; i++)
        steps[i + 1] = removal[i];
    client_open(&client, steps, hurries ? false : true);
    if (hurries)
        client_hurries(&client);
    client.does = LEAVES_WHEN_DONE;
    client_registers(&client);
    assert_int_equal(client.done_count, 1);
    assert_int_equal(client.ended_count, 1);
    for (unsigned i = 1; i < client.registrars[0].count; i++)
        assert_string_equal(header(client.registrars[0].requests[i], "Expires", 0), "0");
    client_close(&client);
    return client;
}

static void a_removal_is_confirmed_also_when_it_is_challenged(void **state)
{
    (void)state;
    static const struct step plain[] = {{"200 OK", NULL, NULL}, {0}};
    static const struct step challenged[] = {{"401 Unauthorized", DIGEST_OF("one", "n", ""), NULL},
                                             {"200 OK", "Contact: <sip:bob@192.0.2.1>\r\n", NULL},
                                             {0}};
    struct client client = removes(plain, false);
    assert_true(client.ended_ok);
    assert_int_equal(client.registrars[0].count, 2);
    client = removes(challenged, false);
    assert_true(client.ended_ok);
    assert_int_equal(client.registrars[0].count, 3);
}

static void a_removal_that_is_refused_or_did_not_remove_is_not_ok(void **state)
{
    (void)state;
    static const struct step refused[] = {{"423 Longer", "Min-Expires: 600\r\n", NULL}, {0}};
    static const struct step again[] = {{"401 Unauthorized", DIGEST_OF("one", "n", ""), NULL}, {0}};
    static const struct step kept[] = {{"200 OK", GRANTED, NULL}, {0}};
    static const struct step waits[] = {
        {"503 Later", "Retry-After: 0\r\n", NULL}, {"200 OK", NULL, NULL}, {0}};
    struct client client = removes(refused, false);
    assert_false(client.ended_ok);
    assert_int_equal(client.registrars[0].count, 2);
    client = removes(again, false);
    assert_false(client.ended_ok);
    assert_int_equal(client.registrars[0].count, 3);
    client = removes(kept, false);
    assert_false(client.ended_ok);
    client = removes(waits, false);
    assert_true(client.ended_ok);
}

static void other_devices_of_the_user_stay_when_ours_is_removed(void **state)
{
    (void)state;
    static const struct {
        const char *granted, *left;
        bool ok;
    } cases[] = {
        {"Contact: <sip:alice@192.0.2.9>;expires=9, $C;expires=60\r\n",
         "Contact: <sip:alice@192.0.2.9>;expires=9\r\n", true},
        /* Ours, with what the registrar's side sees of us. */
        {"Contact: <sip:alice@192.0.2.1:4000>;expires=60\r\n",
         "Contact: <sip:alice@192.0.2.9>;expires=9\r\n", true},
        {"Contact: <sip:alice@192.0.2.1:4000>;expires=60\r\n",
         "Contact: <sip:alice@192.0.2.9>, <sip:alice@192.0.2.1:4000>;expires=9\r\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {
            {"200 OK", cases[i].granted, NULL}, {"200 OK", cases[i].left, NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        client.does = LEAVES_WHEN_DONE;
        client_registers(&client);
        assert_int_equal(client.ended_ok, cases[i].ok);
        client_close(&client);
    }
}

static void a_removal_that_is_not_answered_is_not_ok(void **state)
{
    (void)state;
    static const struct step silent[] = {{"", NULL, NULL}, {0}};
    struct client client = removes(silent, true);
    assert_false(client.ended_ok);
    assert_int_equal(client.registrars[0].count, 2);
}

static void a_removal_takes_the_next_server_only_while_there_is_time(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", GRANTED, NULL}, {"", NULL, NULL}, {0}};
    static const struct step next[] = {{"200 OK", NULL, NULL}, {0}};
    for (int in_time = 0; in_time < 2; in_time++) {
        struct client client;
        client_open(&client, steps, false);
        client_add(&client, next, false);
        client_hurries(&client);
        client.does = LEAVES_WHEN_DONE;
        client_make(&client, 60);
        registration_start(client.registration);
        while (client.sent < 2)
            loop_step(client.loop);
        if (!in_time)
            client.registration->attempt.first_ns -= 32 * NS_PER_S;
        client_run(&client);
        assert_int_equal(client.ended_ok, in_time);
        assert_int_equal(client.registrars[1].count, in_time);
        client_close(&client);
    }
}

/* RFC 3261 10.2: one REGISTER at a time. */
static void a_removal_waits_for_the_refresh_that_is_under_way(void **state)
{
    (void)state;
    static const struct step answered[] = {{"200 OK", LONG, NULL},
                                           {"503 Later", "Retry-After: 60\r\n", NULL},
                                           {"200 OK", NULL, NULL},
                                           {0}};
    static const struct step silent[] = {{"200 OK", LONG, NULL}, {"", NULL, NULL}, {0}};
    for (int answers = 0; answers < 2; answers++) {
        struct client client;
        client_open(&client, answers ? answered : silent, false);
        client_hurries(&client);
        client.does = STAYS;
        client.skips = true;
        client_make(&client, 60);
        registration_start(client.registration);
        while (client.sent < 2)
            loop_step(client.loop);
        client.skips = false;
        registration_end(client.registration);
        assert_int_equal(client.sent, 2);
        client_run(&client);
        assert_int_equal(client.lost_count, 0);
        assert_int_equal(client.ended_count, 1);
        assert_int_equal(client.ended_ok, answers);
        assert_int_equal(client.registrars[0].count, answers ? 3 : 2);
        client_close(&client);
    }
}

static unsigned refreshed;
static struct event_registration refresh_result;

static void keep_refresh(void *owner, const struct event_registration *result)
{
    struct client *client = owner;
    refreshed++;
    refresh_result = *result;
    loop_stop(client->loop);
}

static void keep_removal(void *owner, bool ok)
{
    struct client *client = owner;
    client->ended_count++;
    client->ended_ok = ok;
    loop_stop(client->loop);
}

static void a_binding_that_was_removed_can_be_made_again(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", LONG, NULL}, {"200 OK", NULL, NULL},
                                        {"200 OK", LONG, NULL}, {"200 OK", NULL, NULL},
                                        {"403 No", NULL, NULL}, {0}};
    static const unsigned statuses[] = {200, 403};
    struct registration_handler handler = client_handler;
    struct client client;
    handler.refreshed = keep_refresh;
    handler.ended = keep_removal;
    refreshed = 0;
    client_open(&client, steps, false);
    client.does = STOPS_WHEN_DONE;
    client_make(&client, 3600);
    registration_free(client.registration);
    client.registration = registration_new(client.agent, client.user, 3600, &handler, &client);
    registration_start(client.registration);
    client_run(&client);
    for (unsigned i = 0; i < 2; i++) {
        registration_end(client.registration);
        assert_false(registration_refresh(client.registration)); /* it is being removed */
        client_run(&client);
        assert_int_equal(client.ended_count, i + 1);
        assert_true(client.ended_ok);
        assert_true(registration_refresh(client.registration));
        client_run(&client);
        assert_int_equal(refreshed, i + 1);
        assert_int_equal(refresh_result.status, statuses[i]);
    }
    assert_int_equal(client.done_count, 1);
    assert_int_equal(client.lost_count, 0); /* there was nothing to lose */
    assert_false(registration_refresh(client.registration));
    client_close(&client);
}

static void a_registration_may_be_freed_at_any_moment(void **state)
{
    (void)state;
    static const struct step steps[] = {{"503 Later", "Retry-After: 5\r\n", NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    client_make(&client, 60);
    registration_free(client.registration);
    client.registration = registration_new(client.agent, client.user, 60, &client_handler, &client);
    registration_start(client.registration);
    client_close(&client);
    assert_int_equal(client.done_count, 0);
}

/* ---- routes ------------------------------------------------------------------------------- */

static void a_service_route_is_for_all_requests_but_register(void **state)
{
    (void)state;
    static const struct {
        const char *proxy, *headers, *route;
    } cases[] = {
        {NULL, GRANTED ROUTES, "<sip:a.example;lr>, <sip:b.example;lr>"},
        {"<sip:edge.example;lr>", GRANTED ROUTES,
         "<sip:edge.example;lr>, <sip:a.example;lr>, <sip:b.example;lr>"},
        {"<sip:a.example;lr>", GRANTED ROUTES, "<sip:a.example;lr>, <sip:b.example;lr>"},
        {"<sip:edge.example;lr>", GRANTED, "<sip:edge.example;lr>"},
        {NULL, GRANTED "Path: <sip:p.example;lr>\r\n", NULL},
        {NULL, GRANTED "Service-Route: <sip:strict.example>\r\n", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct step steps[] = {{"200 OK", cases[i].headers, NULL}, {0}};
        struct client client;
        client_open(&client, steps, false);
        client.identity.route = cases[i].proxy;
        assert_true(client_registers(&client)->ok);
        if (cases[i].route)
            assert_string_equal(client.user->route, cases[i].route);
        else
            assert_null(client.user->route);
        registration_end(client.registration);
        client_run(&client);
        const char *removal = client.registrars[0].requests[1];
        assert_int_equal(headers(removal, "Route"), cases[i].proxy ? 1 : 0);
        if (cases[i].proxy)
            assert_string_equal(header(removal, "Route", 0), cases[i].proxy);
        client_close(&client);
    }
}

/* ---- keepalives --------------------------------------------------------------------------- */

static void stop_after_three(void *owner, const struct message *message)
{
    struct client *client = owner;
    if (client->registrars[0].options == 3 && !message->facts.sent)
        loop_stop(client->loop);
}

static void options_keep_the_way_open_whatever_the_answer(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", GRANTED, NULL}, {0}};
    static const struct registration_handler handler = {.message = stop_after_three,
                                                        .done = client_done,
                                                        .unanswered = client_unanswered,
                                                        .ended = client_ended};
    struct client client;
    client_open(&client, steps, true);
    client.does = STAYS;
    client.user = agent_user_new(client.agent, &client.identity, 1, client_ignores, NULL);
    client.registration = registration_new(client.agent, client.user, 60, &handler, &client);
    registration_keepalive(client.registration, 5 * NS_PER_MS);
    registration_start(client.registration);
    client_run(&client);
    assert_int_equal(client.registrars[0].options, 3);
    registration_end(client.registration);
    client_run(&client);
    assert_int_equal(client.ended_count, 1);
    assert_int_equal(client.unanswered_count, 0);
    client_close(&client);
}

static void keepalives_without_an_answer_are_told_once(void **state)
{
    (void)state;
    static const struct step steps[] = {{"200 OK", LONG, NULL}, {"403 No", NULL, NULL}, {0}};
    struct client client;
    client_open(&client, steps, false);
    nta_agent_set_params(client.agent->nta, NTATAG_SIP_T1(5), NTATAG_SIP_T1X64(40), TAG_END());
    client.registrars[0].mute_options = true;
    client.does = STAYS;
    client_make(&client, 60);
    registration_keepalive(client.registration, 5 * NS_PER_MS);
    registration_start(client.registration);
    client_run(&client);
    assert_int_equal(client.unanswered_count, 1);
    unsigned options = client.registrars[0].options;
    while (client.registrars[0].options < options + 8)
        loop_step(client.loop);
    client_skip(&client);
    client_run(&client); /* until the binding is lost */
    assert_int_equal(client.lost_count, 1);
    assert_int_equal(client.unanswered_count, 1);
    assert_null(client.registration->keepalive->leg);
    client_close(&client);
}

SPECIFICATION(cmocka_unit_test(a_binding_is_refreshed_well_before_its_end),
              cmocka_unit_test(a_refresh_that_is_refused_is_told_once_over_udp),
              cmocka_unit_test(a_refresh_that_is_refused_is_told_once_over_tcp),
              cmocka_unit_test(a_refresh_that_is_not_answered_is_lost_with_the_binding),
              cmocka_unit_test(a_failed_refresh_is_tried_again_while_the_binding_lives),
              cmocka_unit_test(a_refresh_without_our_binding_is_lost),
              cmocka_unit_test(a_refresh_takes_the_next_server_and_what_it_had_to_raise),
              cmocka_unit_test(a_removal_is_confirmed_also_when_it_is_challenged),
              cmocka_unit_test(a_removal_that_is_refused_or_did_not_remove_is_not_ok),
              cmocka_unit_test(other_devices_of_the_user_stay_when_ours_is_removed),
              cmocka_unit_test(a_removal_that_is_not_answered_is_not_ok),
              cmocka_unit_test(a_removal_takes_the_next_server_only_while_there_is_time),
              cmocka_unit_test(a_removal_waits_for_the_refresh_that_is_under_way),
              cmocka_unit_test(a_binding_that_was_removed_can_be_made_again),
              cmocka_unit_test(a_registration_may_be_freed_at_any_moment),
              cmocka_unit_test(a_service_route_is_for_all_requests_but_register),
              cmocka_unit_test(options_keep_the_way_open_whatever_the_answer),
              cmocka_unit_test(keepalives_without_an_answer_are_told_once))
