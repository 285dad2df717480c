#include "support/specification.h"

#include <string.h>
#include "cmtest/diagnosis.h"
#include "moments.h"
#include "scenario.h"

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

static const struct result_diagnosis *only(const struct fixture *f)
{
    if (f->result->diagnosis_count != 1)
        fail_msg("%u paragraphs: %s / %s", f->result->diagnosis_count, f->result->diagnoses[0].text,
                 f->result->diagnoses[1].text);
    return &f->result->diagnoses[0];
}

static void assert_scope(const struct result_diagnosis *diagnosis, enum diagnosis_scope scope)
{
    assert_string_equal(scope_name(diagnosis->scope), scope_name(scope));
}

static void begin(struct fixture *f, uint32_t calls)
{
    fixture_init(f, calls);
    fixture_threshold(f, "endpoints.success_rate >= 100%");
}

/* One endpoint's registration, at its own moment; status 200: it went well, 0: no answer. */
static void register_at(struct fixture *f, uint32_t who, int64_t ms, uint16_t status)
{
    f->now_ns = FIXTURE_START + ms * FIXTURE_MS;
    fixture_message(f, who, true, "REGISTER", 0, "");
    fixture_registration(f, who, status, status == 200 ? "OK" : "");
    if (status == 200)
        fixture_outcome(f, who, OUTCOME_SUCCESS, 0, "", "");
    else
        fixture_outcome(f, who, OUTCOME_REGISTRATION_FAILED, status, "", "");
}

/* statuses: one letter for each endpoint, '.' good, 'p' 401, 'f' 403, 't' 408, 'o' 503, '-' no
 * answer; they start 10 ms after each other. */
static void register_all(struct fixture *f, const char *statuses)
{
    static const char letters[] = ".pfto-";
    static const uint16_t codes[] = {200, 401, 403, 408, 503, 0};
    fixture_run(f);
    for (uint32_t i = 0; statuses[i]; i++)
        register_at(f, i, 10 * (int64_t)i, codes[strchr(letters, statuses[i]) - letters]);
    fixture_judge(f);
}

static void everybody_is_all(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    register_all(&f, "pppppppppp");
    assert_scope(only(&f), SCOPE_ALL);
    assert_int_equal(only(&f)->count, 10);
    assert_int_equal(only(&f)->first_count, RESULT_DIAGNOSIS_FIRST);
    assert_int_equal(only(&f)->first[7], 7);
    assert_says(only(&f)->text, "All 10 endpoints ended REGISTRATION_FAILED with 401 from");
    fixture_fini(&f);
}

static void one_cause_in_two_groups_is_one_paragraph(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    register_all(&f, ".p.p.p.p.p");
    assert_scope(only(&f), SCOPE_SCATTERED);
    assert_says(only(&f)->text, "5 of 10 endpoints");
    assert_says(only(&f)->text, "group agents, callers");
    fixture_fini(&f);
}

static void same_failure_at_two_registrars_is_two_causes(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    f.groups[1].server = "10.0.0.9:5061/tls";
    register_all(&f, "pppppppppp");
    assert_int_equal(f.result->diagnosis_count, 2);
    assert_scope(&f.result->diagnoses[0], SCOPE_REGISTRAR);
    assert_says(f.result->diagnoses[1].text, "from 10.0.0.9:5061/tls");
    fixture_fini(&f);
}

static void one_registrar_only_is_its_scope(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    f.groups[1].server = "10.0.0.9:5061/tls";
    register_all(&f, ".....-----");
    assert_scope(only(&f), SCOPE_REGISTRAR);
    assert_says(only(&f)->text, "(all 5 that are there; other registrars did well)");
    fixture_fini(&f);
}

static void whole_group_is_its_scope(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    register_all(&f, ".....fffff");
    assert_scope(only(&f), SCOPE_GROUP);
    assert_says(only(&f)->text, "group callers as a whole, while others did well");
    assert_string_equal(only(&f)->rule->name, "registration_forbidden");
    fixture_fini(&f);
}

static void single_endpoint_is_one(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    register_all(&f, "...f......");
    assert_scope(only(&f), SCOPE_ONE);
    assert_string_equal(only(&f)->rule->name, "account_locked");
    fixture_fini(&f);
}

static void shared_account_is_one(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    f.endpoints[1].account = f.endpoints[6].account = "sip:shared@example.com";
    register_all(&f, ".p....p...");
    assert_scope(only(&f), SCOPE_ONE);
    assert_says(only(&f)->text, "Others registered there, so it is this account");
    fixture_fini(&f);
}

static void later_ones_are_told_by_time_and_not_by_number(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    fixture_run(&f);
    for (uint32_t i = 0; i < 20; i++) /* the last one starts first */
        register_at(&f, i, 50 * (19 - (int64_t)i), i % 10 == 0 || i < 8 ? 503 : 200);
    fixture_judge(&f);
    assert_scope(only(&f), SCOPE_LATER);
    assert_says(only(&f)->text, "the first 9 registered, then 9 of 11 endpoints");
    assert_string_equal(only(&f)->rule->name, "registration_rate_limit");
    assert_says(only(&f)->text, "They came at 20 per second");
    fixture_fini(&f);
}

static void bucket_that_refills_is_later_too(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    register_all(&f, "............oo.oo.oo");
    assert_scope(only(&f), SCOPE_LATER);
    assert_says(only(&f)->text, "the first 12 registered, then 6 of 8 endpoints");
    fixture_fini(&f);
}

static void few_good_ones_in_front_are_chance(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    register_all(&f, "..oooooooo");
    assert_scope(only(&f), SCOPE_SCATTERED);
    fixture_fini(&f);
}

static void bad_moment_is_not_later(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    register_all(&f, "..........oo........");
    assert_scope(only(&f), SCOPE_SCATTERED);
    assert_string_equal(only(&f)->rule->name, "registration_overload");
    fixture_fini(&f);
}

static void limit_that_answers_in_several_ways_is_one_cause(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    register_all(&f, "............ooott---");
    assert_scope(only(&f), SCOPE_LATER);
    assert_int_equal(only(&f)->count, 8);
    assert_says(only(&f)->text, "then 8 of 8 endpoints ended REGISTRATION_FAILED with 503");
    fixture_fini(&f);
}

static void wrong_password_of_later_ones_is_no_rate_limit(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    register_all(&f, "............pppppppp");
    assert_scope(only(&f), SCOPE_LATER);
    assert_string_equal(only(&f)->rule->name, "registration_credentials");
    fixture_fini(&f);
}

static void no_answer_here_and_there_is_the_path(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    register_all(&f, ".-.......-....-.....");
    assert_string_equal(only(&f)->rule->name, "registration_flaky");
    fixture_fini(&f);
}

static void no_answer_while_all_others_are_refused_is_no_flaky_path(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 5);
    register_all(&f, "p-ppp-pp-p");
    assert_int_equal(f.result->diagnosis_count, 2);
    assert_string_equal(f.result->diagnoses[1].rule->name, "registration_silent");
    fixture_fini(&f);
}

static void rate_limit_says_more_than_its_retry_after(void **state)
{
    struct scenario scenario = {.stage = AT_REGISTRATION,
                                .which = LATER,
                                .outcome = OUTCOME_REGISTRATION_FAILED,
                                .status = 503,
                                .retry_after = 9};
    struct fixture f;
    (void)state;
    scenario_run(&f, &scenario);
    assert_string_equal(only(&f)->rule->name, "registration_rate_limit");
    fixture_fini(&f);
}

/* ---- order ---------------------------------------------------------------------------------- */

static void causes_come_before_consequences_and_failures_before_warnings(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 6);
    fixture_run(&f);
    for (uint32_t i = 0; i < 4; i++) { /* four callers whose callee did not register */
        register_at(&f, i, i, i < 2 ? 403 : 404);
        register_at(&f, 6 + i, 100 + i, 200);
        scenario_not_attempted(&f, 6 + i);
        fixture_outcome(&f, 6 + i, OUTCOME_CALL_FAILED, 0, "", "its partner did not register");
    }
    for (uint32_t i = 4; i < 6; i++) {
        struct event event = {.endpoint = i, .kind = EVENT_OUTCOME};
        event.outcome.outcome = OUTCOME_COMPLETED_WITH_WARNINGS;
        event.outcome.failure = FAILURE_UNREGISTER;
        fixture_event(&f, event);
        fixture_outcome(&f, 6 + i, OUTCOME_SUCCESS, 0, "", "");
    }
    fixture_judge(&f);
    assert_int_equal(f.result->diagnosis_count, 4);
    assert_string_equal(f.result->diagnoses[0].rule->name, "account_locked");
    assert_string_equal(f.result->diagnoses[1].rule->name, "registration_unknown");
    assert_string_equal(f.result->diagnoses[2].rule->name, "partner_failed");
    assert_int_equal(f.result->diagnoses[2].count, 4);
    assert_string_equal(f.result->diagnoses[3].rule->name, "removal_unconfirmed");
    fixture_fini(&f);
}

static void biggest_cause_comes_first(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 10);
    register_all(&f, "pp..........ffff.tt.");
    assert_int_equal(f.result->diagnosis_count, 3);
    assert_int_equal(f.result->diagnoses[0].status, 403);
    assert_int_equal(f.result->diagnoses[0].count, 4);
    assert_int_equal(f.result->diagnoses[1].status, 401);
    assert_int_equal(f.result->diagnoses[2].status, 408);
    fixture_fini(&f);
}

static void interruption_is_nothing_to_look_into(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 2);
    fixture_run(&f);
    register_at(&f, 0, 0, 403);
    fixture_outcome(&f, 1, OUTCOME_COMPLETED_WITH_WARNINGS, 0, "", "the run was interrupted");
    f.result->interrupted = true;
    fixture_judge(&f);
    assert_string_equal(only(&f)->rule->name, "registration_forbidden");
    fixture_fini(&f);
}

static void run_that_never_began_has_no_diagnosis(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 2);
    fixture_run(&f);
    snprintf(f.result->error, sizeof(f.result->error), "no free UDP port");
    fixture_judge(&f);
    assert_int_equal(f.result->diagnosis_count, 0);
    fixture_fini(&f);
}

static void good_run_has_no_diagnosis(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 3);
    fixture_run(&f);
    for (uint32_t i = 0; i < 3; i++)
        fixture_whole_call(&f, i, 4.41);
    fixture_judge(&f);
    assert_int_equal(f.result->diagnosis_count, 0);
    fixture_fini(&f);
}

/* ---- addresses ------------------------------------------------------------------------------ */

static void addresses_are_private_public_or_unknown(void **state)
{
    static const char *const private[] = {"10.1.2.3:5060",      "172.16.0.1:1",  "172.31.255.1",
                                          "192.168.0.1:4/udp",  "100.64.0.1:1",  "169.254.1.1:5",
                                          "[fd00::1]:5060/tls", "[fe80::1]:5060"};
    static const char *const public[] = {"8.8.8.8:5060",  "172.15.0.1:1",  "172.32.0.1:1",
                                         "192.169.0.1:1", "100.128.0.1:1", "[2001:db8::1]:5060"};
    static const char *const neither[] = {"127.0.0.1:5060",           "[::1]:5060", "0.0.0.0:9", "",
                                          "sbc.example.com:5060/udp", "[",          "10.0.0:1"};
    (void)state;
    for (size_t i = 0; i < sizeof(private) / sizeof(private[0]); i++) {
        assert_true(address_is_private(private[i]));
        assert_false(address_is_public(private[i]));
    }
    for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++) {
        assert_true(address_is_public(public[i]));
        assert_false(address_is_private(public[i]));
    }
    for (size_t i = 0; i < sizeof(neither) / sizeof(neither[0]); i++) {
        assert_false(address_is_public(neither[i]));
        assert_false(address_is_private(neither[i]));
    }
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(everybody_is_all),
              cmocka_unit_test(one_cause_in_two_groups_is_one_paragraph),
              cmocka_unit_test(same_failure_at_two_registrars_is_two_causes),
              cmocka_unit_test(one_registrar_only_is_its_scope),
              cmocka_unit_test(whole_group_is_its_scope),
              cmocka_unit_test(single_endpoint_is_one),
              cmocka_unit_test(shared_account_is_one),
              cmocka_unit_test(later_ones_are_told_by_time_and_not_by_number),
              cmocka_unit_test(bucket_that_refills_is_later_too),
              cmocka_unit_test(few_good_ones_in_front_are_chance),
              cmocka_unit_test(bad_moment_is_not_later),
              cmocka_unit_test(limit_that_answers_in_several_ways_is_one_cause),
              cmocka_unit_test(wrong_password_of_later_ones_is_no_rate_limit),
              cmocka_unit_test(no_answer_here_and_there_is_the_path),
              cmocka_unit_test(no_answer_while_all_others_are_refused_is_no_flaky_path),
              cmocka_unit_test(rate_limit_says_more_than_its_retry_after),
              cmocka_unit_test(causes_come_before_consequences_and_failures_before_warnings),
              cmocka_unit_test(biggest_cause_comes_first),
              cmocka_unit_test(interruption_is_nothing_to_look_into),
              cmocka_unit_test(run_that_never_began_has_no_diagnosis),
              cmocka_unit_test(good_run_has_no_diagnosis),
              cmocka_unit_test(addresses_are_private_public_or_unknown))
/* clang-format on */
