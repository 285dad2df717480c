/* What the catalogue of errors says of itself. That it names every code of the sources is tested
 * in e2e, where they can be read. */
#include "support/specification.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmtest/explanation.h"
#include "cmtest/plan.h"

static char folder[] = "/tmp/cmtest-test-XXXXXX";

static int enter_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    for (size_t i = 0; explanations[i]; i++)
        if (explanations[i]->file)
            unlink(explanations[i]->file);
    unlink("spec.yaml");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* What is found in an example, as an author would see it. */
static struct diag *check(const char *spec, const char *set, const char *file, const char *content)
{
    struct diag *diag = diag_new();
    struct arena *arena = arena_new();
    assert_true(text_write_file("spec.yaml", spec, strlen(spec)));
    if (content)
        assert_true(text_write_file(file, content, strlen(content)));
    struct spec_cases cases = spec_load_cases("spec.yaml", &set, set ? 1 : 0, diag);
    for (size_t k = 0; k < cases.count; k++)
        plan_new(cases.specs[k], 1, arena, diag);
    spec_cases_free(&cases);
    arena_free(arena);
    return diag;
}

static bool has_code(struct diag *diag, const char *code)
{
    for (size_t i = 0; i < diag_count(diag); i++)
        if (strcmp(diag_get(diag, i)->code, code) == 0)
            return true;
    return false;
}

/* Ends the test, and shows what was found. */
static bool complain(const struct explanation *each, const char *wrong, struct diag *diag)
{
    struct text out = {0};
    diag_print(diag, &out, false);
    print_error("%s: %s\n%s", each->code, wrong, text_get(&out));
    text_fini(&out);
    return false;
}

static bool bad_example_is_so(const struct explanation *each)
{
    struct diag *diag = check(each->bad, each->bad_set, each->file, each->bad_file);
    bool right = has_code(diag, each->code);
    if (!right)
        complain(each, "the bad example does not give the code", diag);
    else if (each->severity == DIAG_WARNING && diag_errors(diag))
        right = complain(each, "the bad example should give a warning alone", diag);
    diag_free(diag);
    return right;
}

static bool good_example_is_so(const struct explanation *each)
{
    struct diag *diag = check(each->good, each->good_set, each->file, each->good_file);
    bool right = !diag_errors(diag) && !has_code(diag, each->code);
    if (!right)
        complain(each, "the good example is not well", diag);
    diag_free(diag);
    return right;
}

static void bad_examples_give_their_code(void **state)
{
    (void)state;
    bool right = true;
    for (size_t i = 0; explanations[i]; i++)
        if (explanations[i]->bad && !bad_example_is_so(explanations[i]))
            right = false;
    assert_true(right);
}

static void good_examples_give_no_error(void **state)
{
    (void)state;
    bool right = true;
    for (size_t i = 0; explanations[i]; i++)
        if (explanations[i]->good && !good_example_is_so(explanations[i]))
            right = false;
    assert_true(right);
}

/* The few that no short text can show. */
static void all_others_have_both_examples(void **state)
{
    (void)state;
    static const char *const without[] = {"certificate-expires-soon",
                                          "exec-not-allowed",
                                          "include-too-deep",
                                          "internal",
                                          "needs-project",
                                          "not-on-platform",
                                          "not-utf8",
                                          "too-large",
                                          "too-many-includes",
                                          "too-many-values"};
    for (size_t i = 0; explanations[i]; i++) {
        const struct explanation *each = explanations[i];
        bool allowed = false;
        for (size_t j = 0; j < sizeof without / sizeof *without; j++)
            allowed = allowed || strcmp(without[j], each->code) == 0;
        if (!allowed && (!each->bad || !each->good))
            fail_msg("%s needs a bad and a good example", each->code);
    }
}

static void codes_are_sorted_and_words_are_there(void **state)
{
    (void)state;
    for (size_t i = 0; explanations[i]; i++) {
        const struct explanation *each = explanations[i];
        if (i && strcmp(explanations[i - 1]->code, each->code) >= 0)
            fail_msg("%s is not behind %s", each->code, explanations[i - 1]->code);
        assert_int_equal(strspn(each->code, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                         strlen(each->code));
        assert_ptr_equal(explanation_find(each->code), each);
        if (strlen(each->title) < 10 || strlen(each->title) > 78 || strchr(each->title, '\n') ||
            each->title[strlen(each->title) - 1] == '.')
            fail_msg("%s: the title should be one short line without a dot", each->code);
        if (strlen(each->meaning) < 20 || strlen(each->remedy) < 10)
            fail_msg("%s explains nothing", each->code);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_examples_give_their_code),
        cmocka_unit_test(good_examples_give_no_error),
        cmocka_unit_test(all_others_have_both_examples),
        cmocka_unit_test(codes_are_sorted_and_words_are_there),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
