#include "support/specification.h"

#include "cmtest/plan.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#define SECONDS(n) (INT64_C(1000000000) * (n))

struct fixture {
    struct diag *diag;
    struct arena *arena;
    struct plan *plan;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->diag = diag_new();
    f->arena = arena_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    diag_free(f->diag);
    free(f);
    return 0;
}

/* The spec is gone afterwards: a plan must live on its own. */
static const struct plan *plan(struct fixture *f, const char *text)
{
    struct spec *spec = spec_parse("some/where/gate.v2.yaml", text, strlen(text), f->diag);
    assert_non_null(spec);
    f->plan = plan_new(spec, 42, f->arena, f->diag);
    if (diag_errors(f->diag)) {
        struct text out = {0};
        diag_print(f->diag, &out, false);
        print_error("%s", text_get(&out));
        text_fini(&out);
    }
    spec_free(spec);
    assert_non_null(f->plan);
    return f->plan;
}

#define TWO_GROUPS                                                                   \
    "cmtest: 1\n"                                                                    \
    "groups:\n"                                                                      \
    "  callers: { registrar: embedded, endpoints: 2, call: agents }\n"               \
    "  agents: { registrar: embedded, endpoints: 3, answer: { ring: 4s } }\n"        \
    "  more: { registrar: embedded, endpoints: 1, call: agents }\n"                  \
    "  outward: { registrar: embedded, endpoints: 2, call: sip:echo@example.com }\n" \
    "buildup: 8s\n"                                                                  \
    "duration: 10s\n"

static void the_name_is_that_of_the_file_when_not_given(void **state)
{
    assert_string_equal(plan(*state, TWO_GROUPS)->name, "gate.v2");
    assert_string_equal(plan(*state, TWO_GROUPS "name: Gate\n")->name, "Gate");
    const struct plan *named = ((struct fixture *)*state)->plan;
    assert_string_equal(named->spec, "some/where/gate.v2.yaml");
    assert_int_equal(named->seed, 42);
}

static void callers_get_the_next_free_callee(void **state)
{
    const struct plan *p = plan(*state, TWO_GROUPS);
    const uint32_t partners[] = {2, 3, 0, 1, 5, 4, ROSTER_NONE, ROSTER_NONE};
    assert_int_equal(p->endpoint_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(p->endpoints[i].partner, partners[i]);
    assert_true(p->groups[1].called);
    assert_false(p->groups[0].called);
    assert_int_equal(p->groups[0].call, CALL_GROUP);
    assert_int_equal(p->groups[0].target, 1);
    assert_int_equal(p->groups[1].call, CALL_NONE);
    assert_int_equal(p->groups[3].call, CALL_URI);
    assert_string_equal(p->groups[3].uris[0], "sip:echo@example.com");
}

static void starts_are_spread_over_the_buildup_callees_first(void **state)
{
    const struct plan *p = plan(*state, TWO_GROUPS);
    const int64_t starts[] = {3, 4, 0, 1, 2, 5, 6, 7};
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(p->endpoints[i].start_ns, SECONDS(starts[i]));
}

static void without_a_buildup_all_start_at_once(void **state)
{
    const struct plan *p = plan(*state, "cmtest: 1\nduration: 1s\n"
                                        "groups: { a: { registrar: embedded, endpoints: 3 } }\n");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(p->endpoints[i].start_ns, 0);
}

static void with_a_rate_all_register_in_the_buildup_and_call_after_it(void **state)
{
    const struct plan *p = plan(*state, TWO_GROUPS "load: { rate: 2/s }\n");
    const int64_t starts[] = {3, 4, 0, 1, 2, 5, 6, 7}, calls[] = {16, 17, 0, 0, 0, 18, 19, 20};
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(p->endpoints[i].start_ns, SECONDS(starts[i]));
        if (p->endpoints[i].caller)
            assert_int_equal(p->endpoints[i].dial_ns, SECONDS(calls[i]) / 2);
    }
    p = plan(*state, "cmtest: 1\nduration: 1s\nload: { rate: 2/s }\n"
                     "groups: { a: { registrar: embedded, endpoints: 4, call: a } }\n");
    assert_int_equal(p->endpoints[1].start_ns, SECONDS(1) / 2);
    assert_int_equal(p->endpoints[1].dial_ns, SECONDS(1) / 2);
}

static void the_deadline_bounds_every_step_of_a_call(void **state)
{
    const struct plan *p = plan(*state, TWO_GROUPS);
    assert_int_equal(p->deadline_ns, SECONDS(8 + 2 * 32 + 4 + 10 + 32 + 5));
}

static void the_longest_run_does_not_overflow(void **state)
{
    const struct plan *p =
        plan(*state, "cmtest: 1\nbuildup: 24h\nduration: 24h\n"
                     "groups: { a: { registrar: embedded, endpoints: 100000 } }\n");
    assert_int_equal(p->endpoints[50000].start_ns, SECONDS(12 * 3600));
    assert_true(p->endpoints[99999].start_ns < SECONDS(24 * 3600));
    assert_string_equal(p->endpoints[99999].account->username, "101000");
}

static void embedded_accounts_are_generated_as_many_as_needed(void **state)
{
    const struct plan *p = plan(*state, TWO_GROUPS);
    const struct plan_registrar *registrar = &p->registrars[0];
    assert_true(registrar->embedded);
    assert_int_equal(registrar->account_count, 8);
    assert_string_equal(registrar->domain, "embedded.cmtest");
    assert_string_equal(registrar->host, "127.0.0.1");
    assert_int_equal(registrar->port, 0);
    assert_int_equal(registrar->expires, 3600);
    assert_int_equal(registrar->digest, DIGEST_MD5);
    assert_string_equal(registrar->accounts[0].username, "1001");
    assert_string_equal(registrar->accounts[7].username, "1008");
    assert_int_equal(strlen(registrar->accounts[0].password), 24);
    assert_string_not_equal(registrar->accounts[0].password, registrar->accounts[1].password);
    assert_string_equal(registrar->accounts[0].expected, registrar->accounts[0].password);
    assert_ptr_equal(p->endpoints[7].account, &registrar->accounts[7]);
}

static void as_many_accounts_as_asked_for_are_generated(void **state)
{
    const struct plan *p =
        plan(*state, TWO_GROUPS "registrars: { embedded: { accounts: { generate: 9 } } }\n");
    assert_int_equal(p->registrars[0].account_count, 9);
}

static void accounts_are_handed_out_in_order_per_registrar(void **state)
{
    const struct plan *p =
        plan(*state, "cmtest: 1\nduration: 1s\n"
                     "registrars:\n"
                     "  embedded:\n"
                     "    digest: sha-256\n"
                     "    accounts:\n"
                     "      - { username: a, password: 1, expected_password: x }\n"
                     "      - { username: b, password: 2, auth_user: line, realm: r }\n"
                     "  pbx:\n"
                     "    domain: example.com\n"
                     "    transport: tcp\n"
                     "    server: \"[2001:db8::1]:5070\"\n"
                     "    accounts: [{ username: c, password: 3 }, { username: d, password: 4 }]\n"
                     "groups:\n"
                     "  one: { registrar: embedded, endpoints: 1 }\n"
                     "  two: { registrar: pbx, endpoints: 1 }\n"
                     "  three: { registrar: embedded, endpoints: 1 }\n");
    const struct plan_account *a = p->endpoints[0].account, *b = p->endpoints[2].account;
    assert_string_equal(a->username, "a");
    assert_string_equal(a->password, "1");
    assert_string_equal(a->expected, "x");
    assert_string_equal(a->auth_user, "a");
    assert_null(a->realm);
    assert_string_equal(p->endpoints[1].account->username, "c");
    assert_string_equal(b->username, "b");
    assert_string_equal(b->expected, "2");
    assert_string_equal(b->auth_user, "line");
    assert_string_equal(b->realm, "r");
    assert_int_equal(p->registrars[0].digest, DIGEST_SHA_256);
    assert_ptr_equal(p->registrars[1].transport, transport_find("tcp"));
    assert_string_equal(p->registrars[1].host, "2001:db8::1");
    assert_int_equal(p->registrars[1].port, 5070);
    assert_string_equal(p->roster.groups[1].server, "[2001:db8::1]:5070/tcp");
}

static void a_domain_is_the_server_unless_another_is_named(void **state)
{
    const struct plan *p =
        plan(*state, "cmtest: 1\nduration: 1s\n"
                     "registrars:\n"
                     "  a: { domain: example.com, accounts: [{ username: u, password: p }] }\n"
                     "  b: { domain: example.com, port: 5080, server: sbc, accounts: "
                     "[{ username: u, password: p }] }\n"
                     "groups: { one: { registrar: a, endpoints: 1 } }\n");
    assert_string_equal(p->registrars[0].host, "example.com");
    assert_int_equal(p->registrars[0].port, 0);
    assert_string_equal(p->registrars[1].host, "sbc");
    assert_int_equal(p->registrars[1].port, 5080);
    assert_string_equal(p->registrars[1].domain, "example.com");
}

static void the_roster_tells_people_who_is_who(void **state)
{
    const struct roster *roster = &plan(*state, TWO_GROUPS)->roster;
    assert_string_equal(roster->name, "gate.v2");
    assert_int_equal(roster->group_count, 4);
    assert_int_equal(roster->endpoint_count, 8);
    assert_int_equal(roster->planned_calls, 5);
    assert_string_equal(roster->groups[0].name, "callers");
    assert_string_equal(roster->groups[0].registrar, "embedded");
    assert_string_equal(roster->groups[0].server, "embedded/udp");
    assert_string_equal(roster->groups[0].target, "agents");
    assert_string_equal(roster->groups[0].codecs, "pcma, pcmu");
    assert_null(roster->groups[1].target);
    assert_int_equal(roster->groups[1].first, 2);
    assert_int_equal(roster->groups[1].count, 3);
    assert_int_equal(roster->endpoints[0].role, ROLE_CALLER);
    assert_int_equal(roster->endpoints[3].role, ROLE_CALLEE);
    assert_int_equal(roster->endpoints[3].group, 1);
    assert_int_equal(roster->endpoints[3].index, 1);
    assert_int_equal(roster->endpoints[3].partner, 1);
    assert_string_equal(roster->endpoints[0].account, "sip:1001@embedded.cmtest");
}

static void success_is_asked_for_when_the_author_does_not(void **state)
{
    const struct plan *p =
        plan(*state, TWO_GROUPS "thresholds:\n  - receive.mos.p5 >= 4.0 in agents\n");
    assert_int_equal(p->threshold_count, 2);
    assert_int_equal(p->thresholds[0].line, 10);
    assert_false(p->thresholds[0].implicit);
    assert_string_equal(p->thresholds[0].group, "agents");
    assert_true(p->thresholds[1].implicit);
    assert_int_equal(p->thresholds[1].line, 0);
    assert_string_equal(p->thresholds[1].key.metric->name, "endpoints.success_rate");
    static const char *const shares[] = {"calls.success_rate >= 50%", "calls.asr >= 90%",
                                         "registration.ira == 0%"};
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        char spec[512];
        snprintf(spec, sizeof(spec), TWO_GROUPS "thresholds:\n  - %s\n", shares[i]);
        p = plan(*state, spec);
        assert_int_equal(p->threshold_count, 1);
        assert_false(p->thresholds[0].implicit);
    }
}

static void dead_air_does_not_pass_when_nothing_is_asked_for(void **state)
{
    const struct plan *p = plan(*state, TWO_GROUPS);
    assert_int_equal(p->threshold_count, 2);
    assert_true(p->thresholds[1].implicit);
    assert_string_equal(p->thresholds[1].text, "call.packets_received.min >= 1");
}

static void endpoints_that_nobody_calls_are_warned_of(void **state)
{
    struct fixture *f = *state;
    plan(f, "cmtest: 1\nduration: 1s\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 5 }\n"
            "  callers: { registrar: embedded, endpoints: 3, call: agents }\n"
            "  idle: { registrar: embedded, endpoints: 3 }\n");
    assert_int_equal(diag_errors(f->diag), 0);
    assert_int_equal(diag_count(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "uncalled-endpoints");
    assert_int_equal(diag_get(f->diag, 0)->place.line, 4);
}

static void too_many_endpoints_are_refused_before_anything_is_allocated(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "cmtest: 1\nduration: 1s\n"
                               "groups:\n"
                               "  a: { registrar: embedded, endpoints: 100000 }\n"
                               "  b: { registrar: embedded, endpoints: 1 }\n";
    struct spec *spec = spec_parse("x.yaml", text, strlen(text), f->diag);
    assert_null(plan_new(spec, 1, f->arena, f->diag));
    assert_int_equal(diag_errors(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "too-many-endpoints");
    spec_free(spec);
}

static void the_quickstart_can_be_planned(void **state)
{
    struct fixture *f = *state;
    struct spec *spec = spec_load(TEST_DATA "/../../examples/quickstart.yaml", f->diag);
    assert_non_null(spec);
    const struct plan *p = plan_new(spec, 1, f->arena, f->diag);
    assert_int_equal(diag_count(f->diag), 0);
    assert_non_null(p);
    assert_int_equal(p->endpoint_count, 20);
    assert_int_equal(p->roster.planned_calls, 10);
    assert_int_equal(p->threshold_count, 6);
    spec_free(spec);
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(the_name_is_that_of_the_file_when_not_given, set_up, tear_down),
    cmocka_unit_test_setup_teardown(callers_get_the_next_free_callee, set_up, tear_down),
    cmocka_unit_test_setup_teardown(starts_are_spread_over_the_buildup_callees_first, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(without_a_buildup_all_start_at_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown(with_a_rate_all_register_in_the_buildup_and_call_after_it,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_deadline_bounds_every_step_of_a_call, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_longest_run_does_not_overflow, set_up, tear_down),
    cmocka_unit_test_setup_teardown(embedded_accounts_are_generated_as_many_as_needed, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(as_many_accounts_as_asked_for_are_generated, set_up, tear_down),
    cmocka_unit_test_setup_teardown(accounts_are_handed_out_in_order_per_registrar, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_domain_is_the_server_unless_another_is_named, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(the_roster_tells_people_who_is_who, set_up, tear_down),
    cmocka_unit_test_setup_teardown(success_is_asked_for_when_the_author_does_not, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(dead_air_does_not_pass_when_nothing_is_asked_for, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(endpoints_that_nobody_calls_are_warned_of, set_up, tear_down),
    cmocka_unit_test_setup_teardown(too_many_endpoints_are_refused_before_anything_is_allocated,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_quickstart_can_be_planned, set_up, tear_down))
