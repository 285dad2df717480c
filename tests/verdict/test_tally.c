#include "support/specification.h"

#include "support/fixture.h"

static const struct result_step *step_of(const struct fixture *f, uint32_t step)
{
    return result_step(f->result, 1, step);
}

static void begin(struct fixture *f, uint32_t calls)
{
    fixture_init(f, calls);
    fixture_scenario(f);
    fixture_run(f);
}

static void refuse(struct fixture *f, uint32_t caller, const char *why)
{
    fixture_action(f, fixture_caller(f, caller), 0, ACTION_FAILED, 488, "status 488", why);
}

static void each_ending_of_a_step_is_counted(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 3);
    fixture_action(&f, fixture_caller(&f, 0), 0, ACTION_DONE, 200, "", "");
    fixture_action(&f, fixture_caller(&f, 1), 0, ACTION_SKIPPED, 0, "", "");
    refuse(&f, 2, "refused");
    assert_int_equal(step_of(&f, 0)->done, 1);
    assert_int_equal(step_of(&f, 0)->skipped, 1);
    assert_int_equal(step_of(&f, 0)->failed, 1);
    assert_int_equal(step_of(&f, 0)->failures[0].endpoint, fixture_caller(&f, 2));
    assert_int_equal(step_of(&f, 1)->done + step_of(&f, 1)->failed + step_of(&f, 1)->skipped, 0);
    fixture_fini(&f);
}

static void an_endpoint_that_fails_twice_is_one_endpoint(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 2);
    refuse(&f, 1, "first");
    refuse(&f, 1, "second");
    assert_int_equal(step_of(&f, 0)->failed, 2);
    assert_int_equal(step_of(&f, 0)->endpoints, 1);
    assert_int_equal(step_of(&f, 0)->failure_count, 1);
    assert_string_equal(step_of(&f, 0)->failures[0].action.detail, "first");
    fixture_fini(&f);
}

static void the_first_fifty_endpoints_are_kept_whoever_failed_first(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 130);
    for (uint32_t i = 130; i-- > 0;)
        refuse(&f, i, "refused");
    const struct result_step *step = step_of(&f, 0);
    assert_int_equal(step->endpoints, 130);
    assert_int_equal(step->failure_count, RESULT_STEP_FAILURES);
    for (uint32_t i = 0; i < RESULT_STEP_FAILURES; i++)
        assert_int_equal(step->failures[i].endpoint, fixture_caller(&f, i));
    fixture_fini(&f);
}

static struct event told_of(const struct fixture *f, enum action_result result)
{
    struct event event = {.endpoint = fixture_caller(f, 0), .kind = EVENT_ACTION};
    event.action.result = result;
    event.action.otherwise = true;
    return event;
}

static void what_else_did_well_is_not_the_step(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 1);
    fixture_event(&f, told_of(&f, ACTION_DONE));
    assert_int_equal(step_of(&f, 0)->done, 0);
    fixture_event(&f, told_of(&f, ACTION_FAILED));
    assert_int_equal(step_of(&f, 0)->failed, 1);
    fixture_fini(&f);
}

static void a_step_that_the_roster_has_not_is_ignored(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, 1);
    struct event event = told_of(&f, ACTION_FAILED);
    event.action.step = FIXTURE_STEPS;
    fixture_event(&f, event);
    event.action.step = UINT32_MAX;
    fixture_event(&f, event);
    event.endpoint = fixture_agent(&f, 0); /* its group has no scenario */
    event.action.step = 0;
    fixture_event(&f, event);
    for (uint32_t i = 0; i < FIXTURE_STEPS; i++)
        assert_int_equal(step_of(&f, i)->failed, 0);
    fixture_fini(&f);
}

/* ---- the figures ----------------------------------------------------------------------------- */

static void end_with(struct fixture *f, uint32_t caller, struct event_steps steps)
{
    struct event event = {.endpoint = fixture_caller(f, caller), .kind = EVENT_OUTCOME};
    event.outcome.steps = steps;
    fixture_event(f, event);
    fixture_whole_call(f, caller, 4.41);
}

static enum verdict judged(const char *threshold, const struct event_steps *steps, uint32_t told)
{
    struct fixture f;
    fixture_init(&f, 2);
    fixture_threshold(&f, threshold);
    fixture_scenario(&f);
    fixture_run(&f);
    for (uint32_t i = 0; i < told; i++)
        end_with(&f, i, steps[i]);
    fixture_judge(&f);
    enum verdict verdict = f.result->judgements[0].verdict;
    fixture_fini(&f);
    return verdict;
}

static void steps_of_each_endpoint_can_be_judged(void **state)
{
    static const struct event_steps good[] = {{4, 4, 0, 0}, {3, 3, 0, 1}};
    static const struct event_steps bad[] = {{4, 4, 0, 0}, {2, 1, 2, 1}};
    (void)state;
    assert_int_equal(judged("actions.failed.max == 0", good, 2), VERDICT_PASS);
    assert_int_equal(judged("actions.failed.max == 0", bad, 2), VERDICT_FAIL);
    assert_int_equal(judged("actions.executed.min >= 3", good, 2), VERDICT_PASS);
    assert_int_equal(judged("actions.executed.min >= 3", bad, 2), VERDICT_FAIL);
    assert_int_equal(judged("actions.skipped.max == 1 in callers", good, 2), VERDICT_PASS);
    assert_int_equal(judged("actions.skipped.max == 0 in callers", good, 2), VERDICT_FAIL);
}

static void an_endpoint_that_vanished_did_none_of_them_well(void **state)
{
    static const struct event_steps good[] = {{4, 4, 0, 0}};
    (void)state;
    assert_int_equal(judged("actions.failed.max == 0", good, 1), VERDICT_FAIL);
}

static void lateness_is_from_planned_to_begun(void **state)
{
    static const struct {
        const char *threshold;
        enum verdict verdict;
    } cases[] = {{"actions.lateness.max <= 1ms", VERDICT_PASS},
                 {"actions.lateness.max < 1ms", VERDICT_FAIL},
                 {"actions.lateness.count == 1", VERDICT_PASS},
                 {"actions.success_rate == 100%", VERDICT_PASS}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture f;
        fixture_init(&f, 1);
        fixture_threshold(&f, cases[i].threshold);
        fixture_scenario(&f);
        fixture_run(&f);
        fixture_action(&f, fixture_caller(&f, 0), 0, ACTION_DONE, 200, "", "");
        fixture_action(&f, fixture_caller(&f, 0), 1, ACTION_SKIPPED, 0, "", "");
        end_with(&f, 0, (struct event_steps){1, 1, 0, 1});
        fixture_judge(&f);
        assert_int_equal(f.result->judgements[0].verdict, cases[i].verdict);
        fixture_fini(&f);
    }
}

static void what_else_did_well_does_not_raise_the_rate(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "actions.success_rate == 0%");
    fixture_scenario(&f);
    fixture_run(&f);
    fixture_action(&f, fixture_caller(&f, 0), 0, ACTION_FAILED, 0, "", "it did not happen");
    fixture_event(&f, told_of(&f, ACTION_DONE));
    end_with(&f, 0, (struct event_steps){1, 0, 1, 0});
    fixture_judge(&f);
    assert_int_equal(f.result->judgements[0].verdict, VERDICT_PASS);
    fixture_fini(&f);
}

static void steps_without_a_scenario_are_no_data(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f, 1);
    fixture_threshold(&f, "actions.success_rate >= 0%");
    fixture_run(&f);
    fixture_whole_call(&f, 0, 4.41);
    fixture_judge(&f);
    assert_int_equal(f.result->judgements[0].verdict, VERDICT_FAIL);
    assert_non_null(strstr(f.result->judgements[0].note, "it has no scenario"));
    fixture_fini(&f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(what_else_did_well_does_not_raise_the_rate),
              cmocka_unit_test(each_ending_of_a_step_is_counted),
              cmocka_unit_test(an_endpoint_that_fails_twice_is_one_endpoint),
              cmocka_unit_test(the_first_fifty_endpoints_are_kept_whoever_failed_first),
              cmocka_unit_test(what_else_did_well_is_not_the_step),
              cmocka_unit_test(a_step_that_the_roster_has_not_is_ignored),
              cmocka_unit_test(steps_of_each_endpoint_can_be_judged),
              cmocka_unit_test(an_endpoint_that_vanished_did_none_of_them_well),
              cmocka_unit_test(lateness_is_from_planned_to_begun),
              cmocka_unit_test(steps_without_a_scenario_are_no_data))
/* clang-format on */
