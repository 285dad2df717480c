#include "reuse_fixture.h"

static void a_group_has_what_it_does_not_say(void **state)
{
    const struct spec *spec =
        good(*state, HEAD "defaults: { registrar: embedded, endpoints: 3, answer: { ring: 1s } }\n"
                          "groups: { a: {}, b: { endpoints: 1 } }\n" TAIL);
    assert_int_equal(spec->groups[0].endpoints, 3);
    assert_int_equal(spec->groups[0].answer.ring_ns, INT64_C(1000000000));
    assert_int_equal(spec->groups[1].endpoints, 1);
    assert_string_equal(spec->groups[1].registrar, "embedded");
}

static void mappings_are_filled_up_and_lists_are_not(void **state)
{
    const struct spec *spec =
        good(*state,
             HEAD "defaults: { answer: { ring: 1s, delay: 2s }, audio: { codecs: [pcma, pcmu] } }\n"
                  "groups:\n"
                  "  a: { registrar: embedded, endpoints: 1, answer: { ring: 3s },\n"
                  "       audio: { codecs: [pcmu] } }\n" TAIL);
    assert_int_equal(spec->groups[0].answer.ring_ns, INT64_C(3000000000));
    assert_int_equal(spec->groups[0].answer.delay_ns, INT64_C(2000000000));
    assert_int_equal(spec->groups[0].audio.codecs_count, 1);
}

static void a_shared_group_is_filled_up_once_per_use(void **state)
{
    const struct spec *spec =
        good(*state, HEAD "x-a: &a { registrar: embedded }\ndefaults: { endpoints: 2 }\n"
                          "groups: { a: *a, b: { <<: *a, endpoints: 5 } }\n" TAIL);
    assert_int_equal(spec->groups[0].endpoints, 2);
    assert_int_equal(spec->groups[1].endpoints, 5);
}

static void a_wrong_default_is_reported_once_and_where_it_stands(void **state)
{
    bad(*state,
        HEAD "defaults: { answer: { ring: 5 } }\n"
             "groups:\n  a: { registrar: embedded, endpoints: 1 }\n"
             "  b: { registrar: embedded, endpoints: 1 }\n" TAIL,
        "bad-duration", 2, 29);
}

static void defaults_are_a_mapping(void **state)
{
    bad(*state, HEAD "defaults: [1]\n" AGENTS TAIL, "wrong-type", 2, 1);
}

static void a_default_can_be_set_on_the_command_line(void **state)
{
    const struct spec *spec =
        good_with(*state, HEAD "defaults: { registrar: embedded }\ngroups: { a: {} }\n" TAIL,
                  "defaults.endpoints=4");
    assert_int_equal(spec->groups[0].endpoints, 4);
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(a_group_has_what_it_does_not_say, set_up, tear_down),
    cmocka_unit_test_setup_teardown(mappings_are_filled_up_and_lists_are_not, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_shared_group_is_filled_up_once_per_use, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_wrong_default_is_reported_once_and_where_it_stands, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(defaults_are_a_mapping, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_default_can_be_set_on_the_command_line, set_up, tear_down))
