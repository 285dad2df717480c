#include "reuse_fixture.h"

#define BASE HEAD "vars: { n: 1 }\n" AGENTS TAIL "name: x\n"

static void a_value_is_replaced(void **state)
{
    assert_int_equal(good_with(*state, BASE, "duration=5s")->duration_ns, INT64_C(5000000000));
}

static void a_path_leads_into_a_mapping(void **state)
{
    assert_int_equal(good_with(*state, BASE, "groups.agents.endpoints=7")->groups[0].endpoints, 7);
}

static void what_is_missing_on_the_way_is_made(void **state)
{
    const struct spec *spec = good_with(*state, BASE, "groups.agents.answer.ring=2s");
    assert_int_equal(spec->groups[0].answer.ring_ns, INT64_C(2000000000));
}

static void the_value_is_flow_text(void **state)
{
    const struct spec *spec =
        good_with(*state, BASE, "groups.more={ registrar: embedded, endpoints: 4 }");
    assert_int_equal(spec->groups_count, 2);
    assert_int_equal(spec->groups[1].endpoints, 4);
}

static void names_may_have_dots(void **state)
{
    const struct spec *spec =
        good_with(*state, HEAD "groups: { a.b: { registrar: embedded, endpoints: 1 } }\n" TAIL,
                  "groups.a.b.endpoints=3");
    assert_int_equal(spec->groups_count, 1);
    assert_int_equal(spec->groups[0].endpoints, 3);
}

static void a_variable_is_set_with_and_without_vars(void **state)
{
    static const char text[] = HEAD "vars: { n: 1 }\nname: \"${vars.n}\"\n" AGENTS TAIL;
    assert_string_equal(good_with(*state, text, "n=2")->name, "2");
    tear_down(state);
    set_up(state);
    assert_string_equal(good_with(*state, text, "vars.n=3")->name, "3");
}

static void a_new_variable_can_be_set(void **state)
{
    assert_string_equal(
        good_with(*state, HEAD "name: \"${vars.who}\"\n" AGENTS TAIL, "vars.who=me")->name, "me");
}

static void the_last_one_holds(void **state)
{
    static const char *const settings[] = {"duration=5s", "name=a b", "duration=6s"};
    struct fixture *f = *state;
    read_with(f, BASE, settings, 3);
    assert_int_equal(diag_count(f->diag), 0);
    assert_int_equal(f->cases.specs[0]->duration_ns, INT64_C(6000000000));
    assert_string_equal(f->cases.specs[0]->name, "a b");
}

static void it_does_not_change_what_an_alias_shares(void **state)
{
    const struct spec *spec = good_with(*state,
                                        HEAD "x-a: &a { registrar: embedded, endpoints: 1 }\n"
                                             "groups: { a: *a, b: *a }\n" TAIL,
                                        "groups.a.endpoints=2");
    assert_int_equal(spec->groups[0].endpoints, 2);
    assert_int_equal(spec->groups[1].endpoints, 1);
}

static void a_wrong_value_is_shown_on_the_command_line(void **state)
{
    struct fixture *f = *state;
    struct text out = {0};
    bad_with(f, BASE, "duration=5", "bad-duration", "--set", 1, 10);
    diag_print(f->diag, &out, false);
    assert_non_null(strstr(text_get(&out), "--set:1:10: error"));
    assert_non_null(strstr(text_get(&out), "    1 | duration=5\n"));
    text_fini(&out);
}

static void an_entry_of_a_list_has_a_number(void **state)
{
    bad_with(*state, HEAD AGENTS TAIL "thresholds: [a, b]\n", "thresholds.first=c", "bad-set",
             "--set", 1, 12);
}

static void what_cannot_be_set_is_told(void **state)
{
    static const struct {
        const char *setting;
        int column;
    } wrong[] = {{"duration", 1},    {"=5", 1},           {"durtion=5s", 1}, {"include=a.yaml", 1},
                 {"groups..x=1", 8}, {"duration.x=1", 9}, {"new=1", 1},      {"", 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bad_with(*state, BASE, wrong[i].setting, "bad-set", "--set", 1, wrong[i].column);
        tear_down(state);
        set_up(state);
    }
}

static void the_nearest_key_is_suggested(void **state)
{
    const struct finding *finding = bad_with(*state, BASE, "durtion=5s", "bad-set", "--set", 1, 1);
    assert_string_equal(finding->hint, "did you mean \"duration\"?");
}

static void a_password_on_the_command_line_is_not_printed(void **state)
{
    struct fixture *f = *state;
    bad_with(f, BASE, "registrars={ pbx: { accounts: [{ username: 1, password: [hunter] }] } }",
             "wrong-type", "--set", 1, 47);
    assert_nowhere(f, "hunter");
}

static void syntax_is_checked_there(void **state)
{
    bad_with(*state, BASE, "groups=[a", "syntax", "--set", 1, 8);
}

static void a_line_break_does_not_make_two_of_it(void **state)
{
    assert_string_equal(good_with(*state, BASE, "name=a\nb")->name, "a b");
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(a_value_is_replaced, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_path_leads_into_a_mapping, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_is_missing_on_the_way_is_made, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_value_is_flow_text, set_up, tear_down),
    cmocka_unit_test_setup_teardown(names_may_have_dots, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_variable_is_set_with_and_without_vars, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_new_variable_can_be_set, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_last_one_holds, set_up, tear_down),
    cmocka_unit_test_setup_teardown(it_does_not_change_what_an_alias_shares, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_wrong_value_is_shown_on_the_command_line, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_entry_of_a_list_has_a_number, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_cannot_be_set_is_told, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_nearest_key_is_suggested, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_password_on_the_command_line_is_not_printed, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(syntax_is_checked_there, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_line_break_does_not_make_two_of_it, set_up, tear_down))
