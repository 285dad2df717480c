#include "reuse_fixture.h"

#include <time.h>

#define TWO_BY_TWO                                      \
    "matrix: { codec: [pcma, pcmu], ring: [1s, 2s] }\n" \
    "name: ${matrix.codec} ${matrix.ring}\n"

static void one_spec_becomes_named_cases(void **state)
{
    static const char *const names[] = {"codec=pcma,ring=1s", "codec=pcma,ring=2s",
                                        "codec=pcmu,ring=1s", "codec=pcmu,ring=2s"};
    static const char *const titles[] = {"pcma 1s", "pcma 2s", "pcmu 1s", "pcmu 2s"};
    struct fixture *f = *state;
    good(f, HEAD TWO_BY_TWO AGENTS TAIL);
    assert_int_equal(f->cases.count, 4);
    for (unsigned i = 0; i < 4; i++) {
        assert_string_equal(f->cases.specs[i]->case_name, names[i]);
        assert_string_equal(f->cases.specs[i]->name, titles[i]);
    }
}

static void without_a_matrix_there_is_one_case_without_a_name(void **state)
{
    struct fixture *f = *state;
    assert_null(good(f, HEAD AGENTS TAIL)->case_name);
    assert_int_equal(f->cases.count, 1);
}

static void combinations_can_be_excluded(void **state)
{
    struct fixture *f = *state;
    good(f, HEAD "matrix: { codec: [pcma, pcmu], ring: [1s, 2s],\n"
                 "          exclude: [{ codec: pcmu, ring: 2s }, { ring: 1s }] }\n"
                 "name: ${matrix.codec} ${matrix.ring}\n" AGENTS TAIL);
    assert_int_equal(f->cases.count, 1);
    assert_string_equal(f->cases.specs[0]->case_name, "codec=pcma,ring=2s");
}

static void a_value_has_its_type(void **state)
{
    struct fixture *f = *state;
    good(f, HEAD "matrix: { n: [1, 2] }\ngroups:\n  a:\n    registrar: embedded\n"
                 "    endpoints: ${matrix.n}\n" TAIL);
    assert_int_equal(f->cases.specs[0]->groups[0].endpoints, 1);
    assert_int_equal(f->cases.specs[1]->groups[0].endpoints, 2);
}

static void variables_may_depend_on_the_case(void **state)
{
    struct fixture *f = *state;
    good(f, HEAD
         "matrix: { n: [1, 2] }\nvars: { x: \"n${matrix.n}\" }\nname: ${vars.x}\n" AGENTS TAIL);
    assert_string_equal(f->cases.specs[0]->name, "n1");
    assert_string_equal(f->cases.specs[1]->name, "n2");
}

static void embedded_is_added_to_the_cases_that_name_it(void **state)
{
    struct fixture *f = *state;
    good(f, HEAD
         "matrix: { reg: [embedded, pbx] }\n"
         "registrars: { pbx: { domain: x.example, accounts: [{ username: a, password: b }] } }\n"
         "groups: { a: { registrar: \"${matrix.reg}\", endpoints: 1 } }\n" TAIL);
    assert_int_equal(f->cases.specs[0]->registrars_count, 2);
    assert_int_equal(f->cases.specs[1]->registrars_count, 1);
}

static void the_same_error_of_all_cases_is_reported_once(void **state)
{
    bad(*state, HEAD TWO_BY_TWO AGENTS "duration: 5\n", "bad-duration", 6, 11);
}

static void each_wrong_value_is_reported(void **state)
{
    struct fixture *f = *state;
    read_with(f, HEAD "matrix: { d: [5, 6, 7s] }\n" AGENTS "duration: ${matrix.d}\n", NULL, 0);
    assert_int_equal(diag_errors(f->diag), 2);
    assert_int_equal(diag_get(f->diag, 0)->place.line, 5);
}

static void an_unused_key_is_warned_of(void **state)
{
    struct fixture *f = *state;
    bad(f, HEAD "matrix: { codec: [pcma, pcmu] }\n" AGENTS TAIL, "unused-matrix-key", 2, 11);
    assert_int_equal(diag_errors(f->diag), 0);
    assert_int_equal(f->cases.count, 2);
}

static void an_unknown_key_is_told(void **state)
{
    const struct finding *finding = bad(
        *state, HEAD "matrix: { d: [7s] }\nname: ${matrix.d}\n" AGENTS "duration: ${matrix.dd}\n",
        "unknown-variable", 6, 11);
    assert_non_null(strstr(finding->message, "is not a key of the matrix"));
}

static void a_matrix_has_a_limit(void **state)
{
    struct fixture *f = *state;
    const struct finding *finding =
        bad(f,
            HEAD "matrix: { a: [1,2,3,4,5,6,7], b: [1,2,3,4,5,6,7], c: [1,2,3,4,5,6] }\n"
                 "name: ${matrix.a}${matrix.b}${matrix.c}\n" AGENTS TAIL,
            "matrix-too-large", 2, 1);
    assert_non_null(strstr(finding->message, "294 cases"));
}

static void what_else_is_wrong_is_found_beside_a_wrong_matrix(void **state)
{
    struct fixture *f = *state;
    read_with(f,
              HEAD "matrix: { d: 7s }\nvars: { x: [1] }\nname: ${vars.x}\n" AGENTS
                   "duration: ${matrix.d}\nbuildup: 5\n",
              NULL, 0);
    assert_int_equal(diag_errors(f->diag), 3);
    assert_int_equal(diag_get(f->diag, 0)->place.line, 2);
    assert_int_equal(diag_get(f->diag, 1)->place.line, 3);
    assert_int_equal(diag_get(f->diag, 2)->place.line, 8);
}

static void what_is_no_matrix_is_told(void **state)
{
    static const struct {
        const char *matrix;
        int column;
    } wrong[] = {
        {"[a]", 1},
        {"{}", 1},
        {"{ a: 1 }", 14},
        {"{ a: [] }", 11},
        {"{ a: [[1]] }", 15},
        {"{ a: [1, ] , b: [~] }", 26},
        {"{ a: [1, 1] }", 18},
        {"{ a: [\"${env.PATH}\"] }", 15},
        {"{ a: [1], exclude: [{ b: 1 }] }", 31},
        {"{ a: [1], exclude: [{ a: 2 }] }", 34},
        {"{ a: [1], exclude: [{ a: 1 }] }", 1},
        {"{ a: [1], exclude: { a: 1 } }", 19},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fixture *f = *state;
        char text[256];
        snprintf(text, sizeof text, HEAD "matrix: %s\n" AGENTS TAIL, wrong[i].matrix);
        read_with(f, text, NULL, 0);
        if (diag_count(f->diag) != 1 || diag_get(f->diag, 0)->place.column != wrong[i].column) {
            print_findings(f);
            fail_msg("%s: column %d", wrong[i].matrix, diag_get(f->diag, 0)->place.column);
        }
        assert_int_equal(diag_errors(f->diag), 1);
        tear_down(state);
        set_up(state);
    }
}

/* 256 cases of 50,000 values. */
static void a_large_spec_with_many_cases_is_refused_soon(void **state)
{
    struct fixture *f = *state;
    struct text text = {0};
    struct timespec start, end;
    text_add(&text, HEAD "matrix:\n  a: [0");
    for (int i = 1; i < 256; i++)
        text_printf(&text, ", %d", i);
    text_add(&text, "]\nname: ${matrix.a}\n" AGENTS TAIL "x-many: [");
    for (int i = 0; i < 50000; i++)
        text_add(&text, "a, ");
    text_add(&text, "b]\n");
    clock_gettime(CLOCK_MONOTONIC, &start);
    read_with(f, text_get(&text), NULL, 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    text_fini(&text);
    assert_int_equal(diag_errors(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "matrix-too-large");
    assert_true(end.tv_sec - start.tv_sec < 10);
}

SPECIFICATION(cmocka_unit_test_setup_teardown(one_spec_becomes_named_cases, set_up, tear_down),
              cmocka_unit_test_setup_teardown(without_a_matrix_there_is_one_case_without_a_name,
                                              set_up, tear_down),
              cmocka_unit_test_setup_teardown(combinations_can_be_excluded, set_up, tear_down),
              cmocka_unit_test_setup_teardown(a_value_has_its_type, set_up, tear_down),
              cmocka_unit_test_setup_teardown(variables_may_depend_on_the_case, set_up, tear_down),
              cmocka_unit_test_setup_teardown(embedded_is_added_to_the_cases_that_name_it, set_up,
                                              tear_down),
              cmocka_unit_test_setup_teardown(the_same_error_of_all_cases_is_reported_once, set_up,
                                              tear_down),
              cmocka_unit_test_setup_teardown(each_wrong_value_is_reported, set_up, tear_down),
              cmocka_unit_test_setup_teardown(an_unused_key_is_warned_of, set_up, tear_down),
              cmocka_unit_test_setup_teardown(an_unknown_key_is_told, set_up, tear_down),
              cmocka_unit_test_setup_teardown(a_matrix_has_a_limit, set_up, tear_down),
              cmocka_unit_test_setup_teardown(what_else_is_wrong_is_found_beside_a_wrong_matrix,
                                              set_up, tear_down),
              cmocka_unit_test_setup_teardown(what_is_no_matrix_is_told, set_up, tear_down),
              cmocka_unit_test_setup_teardown(a_large_spec_with_many_cases_is_refused_soon, set_up,
                                              tear_down))
