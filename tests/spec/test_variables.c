#include "reuse_fixture.h"

#define SECRET "hunter2-topsecret"

static const char *name_of(struct fixture *f, const char *name)
{
    char text[512];
    snprintf(text, sizeof text,
             HEAD "vars: { a: one, n: 3, nested: \"${vars.a}/${env.SET}\" }\n"
                  "name: %s\n" AGENTS TAIL,
             name);
    return good(f, text)->name;
}

static int set_up_environment(void **state)
{
    setenv("SET", "two", 1);
    setenv("EMPTY", "", 1);
    setenv("SECRET", SECRET, 1);
    unsetenv("UNSET");
    return set_up(state);
}

static void the_environment_is_read(void **state)
{
    assert_string_equal(name_of(*state, "a ${env.SET} c"), "a two c");
}

static void a_default_stands_for_what_is_unset_or_empty(void **state)
{
    assert_string_equal(name_of(*state, "${env.UNSET:-x}${env.EMPTY:-y}${env.SET:-z}"), "xytwo");
}

static void a_default_may_be_an_expression(void **state)
{
    assert_string_equal(name_of(*state, "${env.UNSET:-<${vars.a}>}"), "<one>");
}

static void variables_may_be_made_of_others(void **state)
{
    assert_string_equal(name_of(*state, "${vars.nested}!"), "one/two!");
}

static void a_second_dollar_makes_it_plain_text(void **state)
{
    assert_string_equal(name_of(*state, "$${vars.a} $ $$ {x} ${vars.a}"), "${vars.a} $ $$ {x} one");
}

static void a_lone_expression_has_the_type_of_its_value(void **state)
{
    const struct spec *spec =
        good(*state, HEAD "vars: { n: 3 }\ngroups:\n  a:\n    registrar: embedded\n"
                          "    endpoints: ${vars.n}\n"
                          "  b: { registrar: embedded, endpoints: \"${vars.n}\" }\n" TAIL);
    assert_int_equal(spec->groups[0].endpoints, 3);
    assert_int_equal(spec->groups[1].endpoints, 3);
}

static void a_string_stays_one(void **state)
{
    bad(*state,
        HEAD "vars: { n: \"3\" }\ngroups:\n  a:\n    registrar: embedded\n"
             "    endpoints: ${vars.n}\n" TAIL,
        "wrong-type", 6, 16);
}

static void an_expression_in_brackets_needs_quotes(void **state)
{
    const struct finding *finding =
        bad(*state,
            HEAD "vars: { n: 3 }\n"
                 "groups: { a: { registrar: embedded, endpoints: ${vars.n} } }\n" TAIL,
            "syntax", 3, 48);
    assert_non_null(strstr(finding->message, "in quotes"));
}

static void what_is_unset_is_an_error_inside_of_the_text(void **state)
{
    const struct finding *finding = bad(
        *state, HEAD AGENTS TAIL "name: \"caf\xc3\xa9 ${env.UNSET}\"\n", "unset-variable", 5, 13);
    assert_int_equal(finding->place.width, 12);
    assert_non_null(strstr(finding->hint, "${env.UNSET:-default}"));
}

static void the_nearest_variable_is_suggested(void **state)
{
    const struct finding *finding =
        bad(*state, HEAD "vars: { codec: pcma }\n" AGENTS TAIL "name: ${vars.codek}\n",
            "unknown-variable", 6, 7);
    assert_non_null(strstr(finding->hint, "did you mean \"${vars.codec}\"?"));
}

static void an_unused_variable_is_checked_too(void **state)
{
    bad(*state, HEAD "vars: { a: \"${env.UNSET}\" }\n" AGENTS TAIL, "unset-variable", 2, 13);
}

static void a_loop_is_told_with_its_variables(void **state)
{
    const struct finding *finding =
        bad(*state, HEAD "vars:\n  a: ${vars.b}\n  b: ${vars.c}\n  c: x${vars.a}\n" AGENTS TAIL,
            "variable-loop", 5, 7);
    assert_non_null(strstr(finding->message, "a -> b -> c -> a"));
}

static void an_open_brace_needs_its_end(void **state)
{
    bad(*state, HEAD AGENTS TAIL "name: x ${env.SET\n", "unterminated-expression", 5, 9);
}

static void what_is_no_expression_is_told(void **state)
{
    const struct finding *finding =
        bad(*state, HEAD AGENTS TAIL "name: ${evn.SET}\n", "bad-expression", 5, 7);
    assert_non_null(strstr(finding->hint, "did you mean \"${env.NAME}\"?"));
}

static void variables_have_single_values(void **state)
{
    bad(*state, HEAD "vars: { a: [1, 2] }\n" AGENTS TAIL, "wrong-type", 2, 9);
}

/* 2^40 bytes if it were let. */
static void values_cannot_double_without_end(void **state)
{
    struct fixture *f = *state;
    struct text text = {0};
    text_add(&text, HEAD "vars:\n  v0: 0123456789\n");
    for (int i = 1; i < 40; i++)
        text_printf(&text, "  v%d: \"${vars.v%d}${vars.v%d}\"\n", i, i - 1, i - 1);
    text_add(&text, AGENTS TAIL);
    read_with(f, text_get(&text), NULL, 0);
    text_fini(&text);
    assert_int_equal(diag_count(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "too-long");
}

static void a_value_that_is_used_twice_is_replaced_in_both_places(void **state)
{
    const struct spec *spec = good(
        *state, HEAD "vars: { n: 3 }\nx-a: &a { registrar: embedded, endpoints: \"${vars.n}\" }\n"
                     "groups: { a: *a, b: { <<: *a } }\n" TAIL);
    assert_int_equal(spec->groups[0].endpoints, 3);
    assert_int_equal(spec->groups[1].endpoints, 3);
}

/* Whatever is wrong with it and wherever it stands, the value is not told. */
static void a_secret_of_the_environment_is_never_printed(void **state)
{
    static const char *const lines[] = {
        "duration: ${env.SECRET}\n",
        "duration: x${env.SECRET}\n",
        "duration: \"${env.SECRET}s\"\n",
        "duration: ${vars.copy}\n",
        "duration: ${env.UNSET:-${env.SECRET}}\n",
        TAIL "name: [\"${env.SECRET}\"]\n"
             "buildup: ${env.SECRET}\n",
        TAIL "cmtest: ${env.SECRET}\n",
        TAIL "registrars: { pbx: { domain: x, transport: \"${env.SECRET}\" } }\n",
        TAIL "registrars: { pbx: { domain: x, port: \"${env.SECRET}\" } }\n",
        TAIL "registrars: { pbx: { domain: x, expires: \"${env.SECRET}\" } }\n",
        TAIL "registrars: { pbx: { domain: x, accounts: \"${env.SECRET}\" } }\n",
        TAIL "registrars: { pbx: { domain: x, accounts: { file: \"${env.SECRET}\" } } }\n",
        TAIL "registrars: { pbx: { domain: x, accounts: [\"${env.SECRET}\"] } }\n",
        TAIL "registrars: \"${env.SECRET}\"\n",
        TAIL "buildup: ${env.SECRET} ${vars.copy} ${env.UNSET}\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct fixture *f = *state;
        char text[512];
        snprintf(text, sizeof text, HEAD "vars: { copy: \"${env.SECRET}\" }\n" AGENTS "%s",
                 lines[i]);
        read_with(f, text, NULL, 0);
        if (!diag_errors(f->diag))
            fail_msg("no error: %s", lines[i]);
        assert_nowhere(f, SECRET);
        assert_nowhere(f, "hunter2");
        assert_nowhere(f, "topsecret");
        tear_down(state);
        set_up(state);
    }
}

static void a_secret_is_out_of_what_others_say_about_it(void **state)
{
    struct fixture *f = *state;
    const struct spec *spec = good(f, HEAD AGENTS TAIL "name: ${env.SECRET}\n");
    assert_string_equal(spec->name, SECRET);
    diag_add(f->diag, DIAG_ERROR, "unknown-group", spec_place(spec, "name"),
             "did you mean \"topsecret\"?", "\"%s\" and \"%.12s\" are no names", spec->name,
             spec->name);
    assert_nowhere(f, SECRET);
    assert_nowhere(f, "hunter2");
    assert_nowhere(f, "topsecret");
    assert_string_equal(diag_get(f->diag, 0)->message,
                        "\"${env.SECRET}\" and \"${env.SECRET}\" are no names");
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(the_environment_is_read, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(a_default_stands_for_what_is_unset_or_empty, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_default_may_be_an_expression, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(variables_may_be_made_of_others, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(a_second_dollar_makes_it_plain_text, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_lone_expression_has_the_type_of_its_value, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_string_stays_one, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(an_expression_in_brackets_needs_quotes, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(what_is_unset_is_an_error_inside_of_the_text,
                                    set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(the_nearest_variable_is_suggested, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(an_unused_variable_is_checked_too, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_loop_is_told_with_its_variables, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(an_open_brace_needs_its_end, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(what_is_no_expression_is_told, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(variables_have_single_values, set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(values_cannot_double_without_end, set_up_environment,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_value_that_is_used_twice_is_replaced_in_both_places,
                                    set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(a_secret_of_the_environment_is_never_printed,
                                    set_up_environment, tear_down),
    cmocka_unit_test_setup_teardown(a_secret_is_out_of_what_others_say_about_it, set_up_environment,
                                    tear_down))
