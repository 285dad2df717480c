#include "reuse_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static void an_included_mapping_lies_under_that_of_the_file(void **state)
{
    const struct spec *spec = good(
        *state, HEAD "include: base.yaml\nregistrars: { pbx: { port: 5080 } }\n"
                     "groups: { agents: { registrar: pbx, endpoints: \"${vars.n}\" } }\n" TAIL);
    assert_int_equal(spec->duration_ns, INT64_C(1000000000));
    assert_int_equal(spec->registrars_count, 1);
    assert_int_equal(spec->registrars[0].port, 5080);
    assert_string_equal(spec->registrars[0].domain, "sip.example.com");
    assert_int_equal(spec->groups[0].endpoints, 2);
}

static void files_in_an_included_file_are_relative_to_that(void **state)
{
    const struct spec *spec =
        good(*state, HEAD "include: [../include/base.yaml]\n"
                          "groups: { agents: { registrar: pbx, endpoints: 1 } }\n");
    assert_int_equal(spec->registrars[0].accounts.list_count, 2);
}

static void a_later_file_lies_over_an_earlier_one(void **state)
{
    const struct spec *spec = good(*state, HEAD "include: [base.yaml, over.yaml]\n" AGENTS);
    assert_int_equal(spec->duration_ns, INT64_C(9000000000));
    assert_int_equal(spec->buildup_ns, INT64_C(2000000000));
    assert_int_equal(spec->registrars_count, 2);
}

static void an_error_in_an_included_file_is_shown_there(void **state)
{
    struct fixture *f = *state;
    struct text out = {0};
    bad_with(f, HEAD "include: wrong.yaml\n" AGENTS, NULL, "bad-duration", "wrong.yaml", 1, 11);
    diag_print(f->diag, &out, false);
    assert_non_null(strstr(text_get(&out), "    1 | duration: 5\n"));
    text_fini(&out);
}

static void a_broken_included_file_is_the_only_thing_reported(void **state)
{
    bad_with(*state, HEAD "include: broken.yaml\n" AGENTS, NULL, "syntax", "broken.yaml", 1, 11);
}

static void a_missing_file_is_named(void **state)
{
    const struct finding *finding =
        bad(*state, HEAD "include: [base.yaml, nowhere.yaml]\n" AGENTS, "include-not-found", 2, 22);
    assert_non_null(strstr(finding->message, "nowhere.yaml"));
}

static void a_loop_is_told_with_its_files(void **state)
{
    const struct finding *finding = bad_with(*state, HEAD "include: spec-loop-a.yaml\n" AGENTS TAIL,
                                             NULL, "include-loop", "spec-loop-b.yaml", 1, 10);
    assert_non_null(strstr(finding->message, "spec-loop-a.yaml -> "));
}

static void a_name_cannot_be_made_of_variables(void **state)
{
    bad(*state, HEAD "include: ${vars.x}.yaml\n" AGENTS TAIL, "bad-include", 2, 10);
}

static void only_names_can_be_included(void **state)
{
    bad(*state, HEAD "include: [{ file: base.yaml }]\n" AGENTS TAIL, "wrong-type", 2, 11);
}

static void nesting_has_a_limit(void **state)
{
    struct fixture *f = *state;
    char folder[] = "/tmp/cmtest-include-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 20; i++) {
        char text[64];
        snprintf(path, sizeof path, "%s/%d.yaml", folder, i);
        snprintf(text, sizeof text, "include: %d.yaml\n", i + 1);
        assert_true(text_write_file(path, text, strlen(text)));
    }
    snprintf(path, sizeof path, "%s/0.yaml", folder);
    f->cases = spec_load_cases(path, NULL, 0, f->diag);
    for (int i = 0; i < 20; i++) {
        char file[64];
        snprintf(file, sizeof file, "%s/%d.yaml", folder, i);
        unlink(file);
    }
    rmdir(folder);
    assert_int_equal(diag_count(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "include-too-deep");
}

/* Each of 16 files includes the next one twice: 65,536 paths through them. */
static void a_file_is_read_once_however_often_it_is_included(void **state)
{
    struct fixture *f = *state;
    char folder[] = "/tmp/cmtest-include-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 16; i++) {
        char text[96];
        snprintf(path, sizeof path, "%s/%d.yaml", folder, i);
        snprintf(text, sizeof text, "x-%d: 1\n%s%d.yaml, %d.yaml]\n", i,
                 i == 15 ? "x-end: [" : "include: [", i + 1, i + 1);
        assert_true(text_write_file(path, text, strlen(text)));
    }
    snprintf(path, sizeof path, "%s/0.yaml", folder);
    f->cases = spec_load_cases(path, NULL, 0, f->diag);
    for (int i = 0; i < 16; i++) {
        char file[64];
        snprintf(file, sizeof file, "%s/%d.yaml", folder, i);
        unlink(file);
    }
    rmdir(folder);
    for (size_t i = 0; i < diag_count(f->diag); i++)
        assert_string_equal(diag_get(f->diag, i)->code, "missing-key");
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(an_included_mapping_lies_under_that_of_the_file, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(files_in_an_included_file_are_relative_to_that, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_later_file_lies_over_an_earlier_one, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_error_in_an_included_file_is_shown_there, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_broken_included_file_is_the_only_thing_reported, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_missing_file_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_loop_is_told_with_its_files, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_name_cannot_be_made_of_variables, set_up, tear_down),
    cmocka_unit_test_setup_teardown(only_names_can_be_included, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nesting_has_a_limit, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_file_is_read_once_however_often_it_is_included, set_up,
                                    tear_down))
