/* How a group hears and reports, from its words. */
#include "support/specification.h"

#include "cmtest/plan.h"

#include <stdio.h>
#include <string.h>

struct scene {
    struct arena *arena;
    struct diag *diag;
    const struct plan *plan;
};

static int set_up(void **state)
{
    static struct scene scene;
    scene = (struct scene){.arena = arena_new(), .diag = diag_new()};
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    arena_free(scene->arena);
    diag_free(scene->diag);
    return 0;
}

/* audio: what stands under it, as flow text. */
static const struct plan_group *group(struct scene *scene, const char *audio)
{
    char text[1024];
    int length = snprintf(text, sizeof text,
                          "cmtest: 1\ngroups: { phones: { registrar: embedded, endpoints: 2, "
                          "call: phones, audio: %s } }\nduration: 10s\n",
                          audio);
    struct spec *spec = spec_parse("x", text, (size_t)length, scene->diag);
    assert_non_null(spec);
    const struct plan *plan = plan_new(spec, 1, scene->arena, scene->diag);
    spec_free(spec);
    if (diag_count(scene->diag))
        fail_msg("%s: %s", audio, diag_get(scene->diag, 0)->message);
    return &plan->groups[0];
}

static void a_group_that_says_nothing_has_the_usual(void **state)
{
    const struct plan_group *usual = group(*state, "{}");
    assert_int_equal(usual->hearing.decode, DECODE_SAMPLED);
    assert_int_equal(usual->hearing.decode_one_in, 10);
    assert_null(usual->hearing.record);
    assert_false(usual->hearing.playout.fixed);
    assert_int_equal(usual->hearing.playout.nominal_ms, 60);
    assert_int_equal(usual->hearing.playout.minimum_ms, 20);
    assert_int_equal(usual->hearing.playout.maximum_ms, 300);
    assert_int_equal(usual->hearing.rtcp_interval_ns, 1000000000);
    assert_true(usual->hearing.extended_reports);
    assert_int_equal(usual->dscp, 0);
}

static void decoding_is_a_word_or_one_in_some(void **state)
{
    assert_int_equal(group(*state, "{ decode: none }")->hearing.decode, DECODE_NONE);
    assert_int_equal(group(*state, "{ decode: full }")->hearing.decode, DECODE_FULL);
    const struct plan_group *some = group(*state, "{ decode: 7, record: heard }");
    assert_int_equal(some->hearing.decode, DECODE_SAMPLED);
    assert_int_equal(some->hearing.decode_one_in, 7);
    assert_string_equal(some->hearing.record, "heard");
    assert_int_equal(group(*state, "{ decode: sampled }")->hearing.decode_one_in, 10);
}

static uint32_t one_in(struct scene *scene, unsigned endpoints, const char *audio)
{
    char text[512];
    int length = snprintf(text, sizeof text,
                          "cmtest: 1\ngroups: { phones: { registrar: embedded, endpoints: %u, "
                          "call: phones, audio: %s } }\nduration: 10s\n",
                          endpoints, audio);
    struct spec *spec = spec_parse("x", text, (size_t)length, scene->diag);
    assert_non_null(spec);
    const struct plan *plan = plan_new(spec, 1, scene->arena, scene->diag);
    spec_free(spec);
    assert_int_equal(diag_count(scene->diag), 0);
    return plan->groups[0].hearing.decode_one_in;
}

/* Ten of a group are, before it is fewer than one in ten; and what was asked for always is. */
static void of_large_groups_as_many_are_decoded_as_cost_little(void **state)
{
    assert_int_equal(one_in(*state, 100, "{ codecs: [opus] }"), 10);
    assert_int_equal(one_in(*state, 400, "{ codecs: [opus] }"), 40);
    assert_int_equal(one_in(*state, 5000, "{ codecs: [pcma, opus] }"), 125);
    assert_int_equal(one_in(*state, 5000, "{ codecs: [g722] }"), 60);
    assert_int_equal(one_in(*state, 5000, "{ codecs: [pcma] }"), 15);
    assert_int_equal(one_in(*state, 5000, "{ codecs: [opus], decode: 10 }"), 10);
    assert_int_equal(one_in(*state, 5000, "{ codecs: [opus], record: heard }"), 10);
}

static void check_playout(void **state, const char *audio, uint32_t nominal, uint32_t minimum,
                          uint32_t maximum)
{
    const struct stream_playout *playout = &group(*state, audio)->hearing.playout;
    assert_false(playout->fixed);
    assert_int_equal(playout->nominal_ms, nominal);
    assert_int_equal(playout->minimum_ms, minimum);
    assert_int_equal(playout->maximum_ms, maximum);
}

static void what_is_not_said_of_a_buffer_gives_way_to_what_is(void **state)
{
    check_playout(state, "{ playout: adaptive }", 60, 20, 300);
    check_playout(state, "{ playout: { nominal: 10ms } }", 10, 10, 300);
    check_playout(state, "{ playout: { nominal: 400ms } }", 400, 20, 400);
    check_playout(state, "{ playout: { minimum: 100ms } }", 100, 100, 300);
    check_playout(state, "{ playout: { minimum: 400ms } }", 400, 400, 400);
    check_playout(state, "{ playout: { maximum: 15ms } }", 15, 15, 15);
    check_playout(state, "{ playout: { minimum: 30ms, nominal: 40ms, maximum: 50ms } }", 40, 30,
                  50);
}

static void a_fixed_buffer_has_one_delay(void **state)
{
    assert_true(group(*state, "{ playout: fixed }")->hearing.playout.fixed);
    const struct plan_group *fixed = group(*state, "{ playout: { mode: fixed, nominal: 80ms } }");
    assert_true(fixed->hearing.playout.fixed);
    assert_int_equal(fixed->hearing.playout.nominal_ms, 80);
}

static void reports_have_an_interval_and_may_be_extended(void **state)
{
    const struct plan_group *seldom = group(*state, "{ rtcp: 5s }");
    assert_int_equal(seldom->hearing.rtcp_interval_ns, INT64_C(5000000000));
    assert_true(seldom->hearing.extended_reports);
    const struct plan_group *plain = group(*state, "{ rtcp: { extended_reports: false } }");
    assert_int_equal(plain->hearing.rtcp_interval_ns, 1000000000);
    assert_false(plain->hearing.extended_reports);
}

static void a_class_is_a_word_or_its_number(void **state)
{
    static const struct {
        const char *audio;
        uint8_t dscp;
    } rows[] = {{"{ dscp: ef }", 46}, {"{ dscp: af41 }", 34}, {"{ dscp: cs3 }", 24},
                {"{ dscp: cs1 }", 8}, {"{ dscp: none }", 0},  {"{ dscp: 63 }", 63}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(group(*state, rows[i].audio)->dscp, rows[i].dscp);
}

SPECIFICATION(cmocka_unit_test_setup_teardown(a_group_that_says_nothing_has_the_usual, set_up,
                                              tear_down),
              cmocka_unit_test_setup_teardown(decoding_is_a_word_or_one_in_some, set_up, tear_down),
              cmocka_unit_test_setup_teardown(of_large_groups_as_many_are_decoded_as_cost_little,
                                              set_up, tear_down),
              cmocka_unit_test_setup_teardown(what_is_not_said_of_a_buffer_gives_way_to_what_is,
                                              set_up, tear_down),
              cmocka_unit_test_setup_teardown(a_fixed_buffer_has_one_delay, set_up, tear_down),
              cmocka_unit_test_setup_teardown(reports_have_an_interval_and_may_be_extended, set_up,
                                              tear_down),
              cmocka_unit_test_setup_teardown(a_class_is_a_word_or_its_number, set_up, tear_down))
