#include "support/specification.h"

#include "cmtest/arena.h"
#include "cmtest/spec.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct diag *diag;
    struct text out;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    *f = (struct fixture){.diag = diag_new()};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    text_fini(&f->out);
    diag_free(f->diag);
    free(f);
    return 0;
}

static const char *saved(struct fixture *f, const char *text)
{
    struct spec *spec = spec_parse("gate.yaml", text, strlen(text), f->diag);
    if (diag_errors(f->diag)) {
        struct text found = {0};
        diag_print(f->diag, &found, false);
        print_error("%s\n%s", text, text_get(&found));
        text_fini(&found);
    }
    assert_int_equal(diag_errors(f->diag), 0);
    text_clear(&f->out);
    assert_true(spec_save(spec, &f->out));
    spec_free(spec);
    return text_get(&f->out);
}

/* What was saved is a spec, and saving it again changes nothing. */
static void assert_saved(struct fixture *f, const char *text, const char *wanted)
{
    assert_string_equal(saved(f, text), wanted);
    assert_string_equal(saved(f, wanted), wanted);
}

#define HEAD "cmtest: 1\nduration: 10s\n"
#define GROUP "groups:\n  a:\n    registrar: embedded\n    endpoints: 1\n"
/* Named by a group, it is there. */
#define EMBEDDED "registrars:\n  embedded: {}\n"

static void a_spec_is_saved_as_it_was_written(void **state)
{
    assert_saved(*state, HEAD GROUP, HEAD GROUP EMBEDDED);
}

static void comments_and_holders_of_anchors_are_gone(void **state)
{
    assert_saved(*state,
                 "# what it is\n"
                 "x-common: &common { registrar: embedded, endpoints: 2 }\n" HEAD "groups:\n"
                 "  a: { <<: *common, endpoints: 1 }\n"
                 "  b: *common\n",
                 HEAD "groups:\n"
                      "  a:\n    endpoints: 1\n    registrar: embedded\n"
                      "  b:\n    registrar: embedded\n    endpoints: 2\n" EMBEDDED);
}

static void passwords_are_starred_out(void **state)
{
    const char *out = saved(*state, HEAD "registrars:\n"
                                         "  pbx:\n"
                                         "    domain: example.com\n"
                                         "    accounts:\n"
                                         "      - { username: a, password: Hush }\n"
                                         "      - { username: b, realm: r, password: \"Hush\" }\n"
                                         "groups: { a: { registrar: pbx, endpoints: 1 } }\n");
    assert_null(strstr(out, "Hush"));
    assert_non_null(strstr(out, "    accounts:\n"
                                "    - username: a\n"
                                "      password: '***'\n"
                                "    - username: b\n"
                                "      password: '***'\n"
                                "      realm: r\n"));
}

static void what_needs_quotes_has_them(void **state)
{
    assert_saved(*state, HEAD "name: 'null'\n" GROUP, HEAD "name: \"null\"\n" GROUP EMBEDDED);
    assert_saved(*state, HEAD "name: 'a: b # c'\n" GROUP, HEAD "name: 'a: b # c'\n" GROUP EMBEDDED);
    assert_saved(*state, HEAD "name: '007'\n" GROUP, HEAD "name: 007\n" GROUP EMBEDDED);
    assert_saved(*state, HEAD "name: \"B\xc3\xbcro\"\n" GROUP,
                 HEAD "name: \"B\\xFCro\"\n" GROUP EMBEDDED);
}

static void lists_of_words_are_one_line(void **state)
{
    assert_saved(*state,
                 HEAD GROUP "    audio: { codecs: [pcma, pcmu] }\n"
                            "thresholds:\n  - calls.success_rate >= 99%\n",
                 HEAD GROUP "    audio:\n      codecs: [pcma, pcmu]\n"
                            "thresholds:\n- calls.success_rate >= 99%\n" EMBEDDED);
}

static void short_forms_among_long_ones_are_long(void **state)
{
    assert_saved(*state, HEAD GROUP "    audio: { codecs: [pcma, { name: pcmu, ptime: 30ms }] }\n",
                 HEAD GROUP "    audio:\n      codecs:\n      - name: pcma\n"
                            "      - name: pcmu\n        ptime: 30ms\n" EMBEDDED);
}

static void variables_are_replaced_and_those_of_the_environment_stay(void **state)
{
    setenv("CMTEST_SAVE_DOMAIN", "hush.example.com", 1);
    const char *out = saved(*state, HEAD "vars: { n: 3 }\n"
                                         "registrars:\n"
                                         "  pbx:\n"
                                         "    domain: ${env.CMTEST_SAVE_DOMAIN}\n"
                                         "    accounts: [{ username: a, password: p }]\n"
                                         "groups: { a: { registrar: embedded, endpoints: "
                                         "\"${vars.n}\" } }\n");
    assert_null(strstr(out, "hush"));
    assert_null(strstr(out, "vars"));
    assert_non_null(strstr(out, "domain: ${env.CMTEST_SAVE_DOMAIN}\n"));
    assert_non_null(strstr(out, "endpoints: 3\n"));
}

static void a_plain_dollar_brace_stays_one(void **state)
{
    assert_saved(*state, HEAD "name: a $${b}\n" GROUP, HEAD "name: a $${b}\n" GROUP EMBEDDED);
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(a_spec_is_saved_as_it_was_written, set_up, tear_down),
    cmocka_unit_test_setup_teardown(comments_and_holders_of_anchors_are_gone, set_up, tear_down),
    cmocka_unit_test_setup_teardown(passwords_are_starred_out, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_needs_quotes_has_them, set_up, tear_down),
    cmocka_unit_test_setup_teardown(lists_of_words_are_one_line, set_up, tear_down),
    cmocka_unit_test_setup_teardown(short_forms_among_long_ones_are_long, set_up, tear_down),
    cmocka_unit_test_setup_teardown(variables_are_replaced_and_those_of_the_environment_stay,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_plain_dollar_brace_stays_one, set_up, tear_down))
