#include "support/specification.h"

#include <string.h>
#include "cmtest/diagnosis.h"
#include "scenarios_call.h"
#include "scenarios_registration.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct scenario *scenario_at(size_t index)
{
    size_t first = COUNT(scenarios_registration);
    if (index < first)
        return &scenarios_registration[index];
    return index - first < COUNT(scenarios_call) ? &scenarios_call[index - first] : NULL;
}

static const struct scenario *scenario_of(const char *rule)
{
    const struct scenario *scenario;
    for (size_t i = 0; (scenario = scenario_at(i)); i++)
        if (strcmp(scenario->rule, rule) == 0)
            return scenario;
    return NULL;
}

static const struct result_diagnosis *diagnosis_of(const struct fixture *f, const char *rule)
{
    for (uint32_t i = 0; i < f->result->diagnosis_count; i++)
        if (strcmp(f->result->diagnoses[i].rule->name, rule) == 0)
            return &f->result->diagnoses[i];
    return NULL;
}

static void assert_says(const char *rule, const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("%s: \"%s\" does not say \"%s\"", rule, text, part);
}

static void every_rule_has_a_scenario(void **state)
{
    (void)state;
    for (size_t i = 0; diagnoses[i]; i++)
        if (!scenario_of(diagnoses[i]->name))
            fail_msg("no scenario provokes %s", diagnoses[i]->name);
}

static void every_rule_speaks_in_its_scenario(void **state)
{
    const struct scenario *scenario;
    (void)state;
    for (size_t i = 0; (scenario = scenario_at(i)); i++) {
        struct fixture f;
        scenario_run(&f, scenario);
        const struct result_diagnosis *diagnosis = diagnosis_of(&f, scenario->rule);
        if (!diagnosis)
            fail_msg("%s (scenario %zu): it is %s that speaks: \"%s\"", scenario->rule, i,
                     f.result->diagnosis_count ? f.result->diagnoses[0].rule->name : "nothing",
                     f.result->diagnosis_count ? f.result->diagnoses[0].text : "");
        for (size_t j = 0; j < COUNT(scenario->says) && scenario->says[j]; j++)
            assert_says(scenario->rule, diagnosis->text, scenario->says[j]);
        assert_says(scenario->rule, diagnosis->next, scenario->next);
        fixture_fini(&f);
    }
}

static void one_way_to_fail_is_one_paragraph(void **state)
{
    const struct scenario *scenario;
    (void)state;
    for (size_t i = 0; (scenario = scenario_at(i)); i++) {
        struct fixture f;
        uint32_t expected = scenario->peer == OUTCOME_SUCCESS ? 1 : 2;
        scenario_run(&f, scenario);
        if (f.result->diagnosis_count != expected)
            fail_msg("%s (scenario %zu): %u paragraphs, the second: %s", scenario->rule, i,
                     f.result->diagnosis_count, f.result->diagnoses[1].text);
        fixture_fini(&f);
    }
}

static void paragraph_and_step_fit_the_terminal_block(void **state)
{
    const struct scenario *scenario;
    (void)state;
    for (size_t i = 0; (scenario = scenario_at(i)); i++) {
        struct fixture f;
        scenario_run(&f, scenario);
        const struct result_diagnosis *diagnosis = diagnosis_of(&f, scenario->rule);
        assert_non_null(diagnosis);
        if (strlen(diagnosis->text) >= sizeof(f.result->why) ||
            strlen(diagnosis->next) >= sizeof(f.result->try_next))
            fail_msg("%s: %zu and %zu bytes: %s %s", scenario->rule, strlen(diagnosis->text),
                     strlen(diagnosis->next), diagnosis->text, diagnosis->next);
        assert_null(strstr(diagnosis->text, "  "));
        assert_null(strstr(diagnosis->text, ".."));
        assert_int_equal(diagnosis->text[strlen(diagnosis->text) - 1], '.');
        assert_int_equal(diagnosis->next[strlen(diagnosis->next) - 1], '.');
        fixture_fini(&f);
    }
}

static void gate_of_media(struct fixture *f)
{
    outside_callees(f);
    fixture_threshold(f, "call.packets_received.min >= 1");
}

static void calls_without_a_packet_are_told_by_their_diagnosis(void **state)
{
    struct fixture f;
    const struct scenario deaf = {.stage = IN_CALL,
                                  .which = ALL,
                                  .outcome = OUTCOME_COMPLETED_WITH_WARNINGS,
                                  .failure = FAILURE_NO_MEDIA,
                                  .roster = gate_of_media,
                                  .touch = nothing_heard};
    (void)state;
    scenario_run(&f, &deaf);
    assert_int_equal(f.result->verdict, VERDICT_FAIL);
    assert_non_null(strstr(f.result->why, "no RTP came"));
    assert_non_null(strstr(f.result->try_next, "check that RTP passes"));
    fixture_fini(&f);
}

static void failed_run_tells_the_biggest_cause(void **state)
{
    const struct scenario *scenario;
    (void)state;
    for (size_t i = 0; (scenario = scenario_at(i)); i++) {
        struct fixture f;
        scenario_run(&f, scenario);
        const struct result_diagnosis *first = &f.result->diagnoses[0];
        if (outcome_severity(first->outcome) > 1) {
            assert_says(first->rule->name, f.result->why, first->text);
            assert_string_equal(f.result->try_next, first->next);
            assert_int_equal(f.result->diagnosis_told, 0);
        } else {
            assert_string_equal(f.result->why, "");
            assert_int_equal(f.result->diagnosis_told, RESULT_DIAGNOSES_MAX);
        }
        fixture_fini(&f);
    }
}

static void every_rule_has_a_name_of_its_own_and_says_when_it_speaks(void **state)
{
    (void)state;
    for (size_t i = 0; diagnoses[i]; i++) {
        assert_non_null(diagnoses[i]->matches);
        assert_non_null(diagnoses[i]->write);
        assert_true(strlen(diagnoses[i]->help) > 0);
        assert_true(strlen(diagnoses[i]->title) > 0 && strlen(diagnoses[i]->title) <= 40);
        assert_int_equal(strspn(diagnoses[i]->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
                         strlen(diagnoses[i]->name));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(diagnoses[i]->name, diagnoses[j]->name);
            assert_string_not_equal(diagnoses[i]->title, diagnoses[j]->title);
        }
    }
}

static void last_rule_takes_what_no_other_does(void **state)
{
    size_t count = 0;
    struct fixture f;
    struct scenario unknown = {.stage = IN_CALL,
                               .which = ALL,
                               .outcome = OUTCOME_CALL_FAILED,
                               .failure = (enum event_failure)77};
    (void)state;
    while (diagnoses[count])
        count++;
    assert_string_equal(diagnoses[count - 1]->name, "unclassified");
    unknown.outcome = OUTCOME_COMPLETED_WITH_WARNINGS;
    scenario_run(&f, &unknown);
    assert_int_equal(f.result->diagnosis_count, 1);
    assert_ptr_equal(f.result->diagnoses[0].rule, diagnoses[count - 1]);
    fixture_fini(&f);
}

/* ---- without failure codes ------------------------------------------------------------------ */

/* An endpoint that gives no failure is understood by its outcome, status and words. */
static void outcome_and_status_are_enough_for_a_rule(void **state)
{
    static const char *const rules[] = {"registration_credentials",
                                        "registration_forbidden",
                                        "registration_unknown",
                                        "registration_silent",
                                        "registration_rate_limit",
                                        "call_not_found",
                                        "call_busy",
                                        "codecs_stripped",
                                        "call_redirected",
                                        "call_credentials",
                                        "call_silent",
                                        "no_invite",
                                        "bye_unanswered",
                                        "local_resources",
                                        "cut_off"};
    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct scenario scenario = *scenario_of(rules[i]);
        struct fixture f;
        bool silent = scenario.failure == FAILURE_NO_ANSWER && scenario.stage == AT_REGISTRATION;
        if (!silent)
            scenario.failure = FAILURE_NONE;
        scenario_run(&f, &scenario);
        if (!diagnosis_of(&f, rules[i]))
            fail_msg("%s: it is %s that speaks", rules[i],
                     f.result->diagnosis_count ? f.result->diagnoses[0].rule->name : "nothing");
        fixture_fini(&f);
    }
}

/* ---- hostile words -------------------------------------------------------------------------- */

static char long_word[65537];

static void with_long_words(struct fixture *f)
{
    memset(long_word, 'x', sizeof(long_word) - 1);
    memcpy(long_word, "\x1b[2J\r\n\xff%s%n\xc2\x9b", 13);
    for (int i = 0; i < 2; i++) {
        f->groups[i].name = long_word;
        f->groups[i].registrar = long_word;
        f->groups[i].server = long_word;
        f->groups[i].target = i ? long_word : NULL;
        f->groups[i].codecs = long_word;
    }
    for (uint32_t i = 0; i < 2 * CALLS; i++)
        f->endpoints[i].account = long_word;
}

static void assert_clean(const char *rule, const char *text, size_t size)
{
    assert_true(strlen(text) < size);
    for (const char *at = text; *at; at++) {
        size_t length = text_utf8_length(at, strlen(at));
        if (length == 0 || (unsigned char)*at < 0x20 || *at == 0x7f ||
            (length == 2 && (unsigned char)at[0] == 0xc2 && (unsigned char)at[1] < 0xa0))
            fail_msg("%s: byte %02x in \"%s\"", rule, (unsigned char)*at, text);
        at += length - 1;
    }
}

static void hostile_words_come_out_clean_and_bounded(void **state)
{
    static const char evil[] = "\x1b]0;t\x07\r\nWhy: pass %s%n \xff\xc0\xaf\xc2\x85";
    const struct scenario *scenario;
    (void)state;
    for (size_t i = 0; (scenario = scenario_at(i)); i++) {
        struct scenario hostile = *scenario;
        struct fixture f;
        hostile.roster = with_long_words;
        hostile.reason = hostile.detail = hostile.trouble = evil;
        scenario_run(&f, &hostile);
        assert_true(f.result->diagnosis_count > 0);
        for (uint32_t j = 0; j < f.result->diagnosis_count; j++) {
            const struct result_diagnosis *each = &f.result->diagnoses[j];
            assert_clean(scenario->rule, each->text, sizeof(each->text));
            assert_clean(scenario->rule, each->next, sizeof(each->next));
        }
        assert_clean(scenario->rule, f.result->why, sizeof(f.result->why));
        assert_clean(scenario->rule, f.result->try_next, sizeof(f.result->try_next));
        fixture_fini(&f);
    }
}

static void as_many_causes_as_codes_are_bounded(void **state)
{
    struct fixture f;
    uint32_t told = 0;
    (void)state;
    fixture_init(&f, 400);
    fixture_threshold(&f, "endpoints.success_rate >= 100%");
    fixture_run(&f);
    for (uint32_t i = 0; i < 400; i++)
        fixture_refused_call(&f, i, (uint16_t)(300 + i), "Hostile", OUTCOME_CALL_FAILED);
    fixture_judge(&f);
    assert_int_equal(f.result->diagnosis_count, RESULT_DIAGNOSES_MAX);
    for (uint32_t i = 0; i < RESULT_DIAGNOSES_MAX; i++)
        told += f.result->diagnoses[i].count;
    assert_true(told >= RESULT_DIAGNOSES_MAX);
    assert_true(f.result->diagnoses_dropped > 300);
    fixture_fini(&f);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(every_rule_has_a_scenario),
              cmocka_unit_test(every_rule_speaks_in_its_scenario),
              cmocka_unit_test(one_way_to_fail_is_one_paragraph),
              cmocka_unit_test(paragraph_and_step_fit_the_terminal_block),
              cmocka_unit_test(calls_without_a_packet_are_told_by_their_diagnosis),
              cmocka_unit_test(failed_run_tells_the_biggest_cause),
              cmocka_unit_test(every_rule_has_a_name_of_its_own_and_says_when_it_speaks),
              cmocka_unit_test(last_rule_takes_what_no_other_does),
              cmocka_unit_test(outcome_and_status_are_enough_for_a_rule),
              cmocka_unit_test(hostile_words_come_out_clean_and_bounded),
              cmocka_unit_test(as_many_causes_as_codes_are_bounded))
/* clang-format on */
