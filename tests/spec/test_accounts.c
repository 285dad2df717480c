#include "support/specification.h"

#include "cmtest/arena.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder with a spec that names accounts.txt, which each test writes. */
struct fixture {
    char folder[40], spec_path[64], file_path[64];
    struct diag *diag;
    struct spec *spec;
};

static const char spec_text[] =
    "cmtest: 1\n"
    "registrars: { pbx: { domain: d, accounts: { file: accounts.txt } } }\n"
    "groups: { a: { registrar: pbx, endpoints: 1 } }\n"
    "duration: 1s\n";

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    strcpy(f->folder, "/tmp/cmtest-accounts-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->spec_path, sizeof f->spec_path, "%s/spec.yaml", f->folder);
    snprintf(f->file_path, sizeof f->file_path, "%s/accounts.txt", f->folder);
    assert_true(text_write_file(f->spec_path, spec_text, strlen(spec_text)));
    f->diag = diag_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    unlink(f->spec_path);
    unlink(f->file_path);
    rmdir(f->folder);
    spec_free(f->spec);
    diag_free(f->diag);
    free(f);
    return 0;
}

static const struct spec_accounts *load(struct fixture *f, const char *text)
{
    assert_true(text_write_file(f->file_path, text, strlen(text)));
    f->spec = spec_load(f->spec_path, f->diag);
    assert_non_null(f->spec);
    return &f->spec->registrars[0].accounts;
}

static void assert_finding(struct fixture *f, size_t index, const char *code, int line, int column)
{
    assert_true(index < diag_count(f->diag));
    const struct finding *finding = diag_get(f->diag, index);
    assert_string_equal(finding->code, code);
    assert_string_equal(finding->place.file, f->file_path);
    assert_int_equal(finding->place.line, line);
    assert_int_equal(finding->place.column, column);
}

static void each_line_is_an_account(void **state)
{
    struct fixture *f = *state;
    const struct spec_accounts *accounts = load(f, "1001:one\n1002:two\n");
    assert_int_equal(diag_count(f->diag), 0);
    assert_string_equal(accounts->file, "accounts.txt");
    assert_int_equal(accounts->list_count, 2);
    assert_string_equal(accounts->list[0].username, "1001");
    assert_string_equal(accounts->list[1].password, "two");
}

static void a_password_is_all_behind_the_first_colon(void **state)
{
    struct fixture *f = *state;
    const struct spec_accounts *accounts =
        load(f, "a:b:c:d\nb:#no comment\nc: \"'\\{}\nd:\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_int_equal(diag_count(f->diag), 0);
    assert_string_equal(accounts->list[0].password, "b:c:d");
    assert_string_equal(accounts->list[1].password, "#no comment");
    assert_string_equal(accounts->list[2].password, " \"'\\{}");
    assert_string_equal(accounts->list[3].password, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void comments_blank_lines_crlf_and_a_byte_order_mark_are_skipped(void **state)
{
    struct fixture *f = *state;
    const struct spec_accounts *accounts =
        load(f, "\xef\xbb\xbf# all\r\n\r\n  \t\r\n  # more: of it\r\n1:x\r\n2:y");
    assert_int_equal(diag_count(f->diag), 0);
    assert_int_equal(accounts->list_count, 2);
    assert_string_equal(accounts->list[0].password, "x");
    assert_string_equal(accounts->list[1].username, "2");
}

static void wrong_lines_are_named_with_their_place(void **state)
{
    struct fixture *f = *state;
    load(f, "ok:1\n\nnothing\n:2\na b:3\nc:\n\td:4\n");
    assert_int_equal(diag_errors(f->diag), 5);
    assert_finding(f, 0, "bad-account", 3, 1);
    assert_finding(f, 1, "bad-account", 4, 1);
    assert_finding(f, 2, "bad-account", 5, 1);
    assert_finding(f, 3, "bad-account", 6, 2);
    assert_finding(f, 4, "bad-account", 7, 1);
    assert_true(spec_faulty(f->spec, "registrars[0].accounts"));
}

static void a_user_name_that_is_there_twice_is_warned_of_and_used_once(void **state)
{
    struct fixture *f = *state;
    const struct spec_accounts *accounts = load(f, "b:1\na:2\nb:3\na:4\nb:5\n");
    assert_int_equal(diag_errors(f->diag), 0);
    assert_int_equal(diag_count(f->diag), 3);
    assert_finding(f, 0, "duplicate-account", 3, 1);
    assert_int_equal(accounts->list_count, 2);
    assert_string_equal(accounts->list[0].username, "b");
    assert_string_equal(accounts->list[0].password, "1");
    assert_string_equal(accounts->list[1].password, "2");
}

static void a_space_at_the_end_of_a_password_is_warned_of_and_kept(void **state)
{
    struct fixture *f = *state;
    const struct spec_accounts *accounts = load(f, "a:pw \n");
    assert_int_equal(diag_errors(f->diag), 0);
    assert_finding(f, 0, "trailing-space", 1, 5);
    assert_string_equal(accounts->list[0].password, "pw ");
}

static void a_file_in_a_wrong_format_does_not_crowd_out_other_errors(void **state)
{
    struct fixture *f = *state;
    struct text text = {0};
    for (int i = 0; i < 1000; i++)
        text_printf(&text, "user%d;password%d\n", i, i);
    load(f, text_get(&text));
    text_fini(&text);
    assert_int_equal(diag_count(f->diag), 11);
    assert_string_equal(diag_get(f->diag, 0)->message, "990 more lines are wrong");
}

static void a_file_without_an_account_is_an_error(void **state)
{
    struct fixture *f = *state;
    load(f, "# none yet\n");
    assert_int_equal(diag_errors(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "not-enough-accounts");
    assert_int_equal(diag_get(f->diag, 0)->place.line, 2);
    assert_int_equal(diag_get(f->diag, 0)->place.column, 51);
}

static void a_file_that_is_missing_is_named_by_its_path(void **state)
{
    struct fixture *f = *state;
    f->spec = spec_load(f->spec_path, f->diag);
    assert_int_equal(diag_errors(f->diag), 1);
    assert_string_equal(diag_get(f->diag, 0)->code, "cannot-read");
    assert_non_null(strstr(diag_get(f->diag, 0)->message, f->file_path));
}

static void no_line_of_the_file_is_shown_with_its_password(void **state)
{
    struct fixture *f = *state;
    struct text out = {0};
    load(f, "secret without colon\nuser name:secret\n:secret\nu:secret\nu:secret\nv:secret \n"
            "w:secret\xff\nx\xff:secret\ny:se\x01"
            "cret\n");
    diag_print(f->diag, &out, false);
    assert_true(diag_count(f->diag) >= 7);
    assert_null(strstr(text_get(&out), "secret"));
    assert_null(strstr(text_get(&out), "cret"));
    text_fini(&out);
}

static void a_hundred_thousand_accounts_are_read(void **state)
{
    struct fixture *f = *state;
    struct text text = {0};
    for (int i = 0; i < 100000; i++)
        text_printf(&text, "user-%d:pass-%d\n", i, i);
    const struct spec_accounts *accounts = load(f, text_get(&text));
    text_fini(&text);
    assert_int_equal(diag_count(f->diag), 0);
    assert_int_equal(accounts->list_count, 100000);
    assert_string_equal(accounts->list[99999].password, "pass-99999");
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(each_line_is_an_account, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_password_is_all_behind_the_first_colon, set_up, tear_down),
    cmocka_unit_test_setup_teardown(comments_blank_lines_crlf_and_a_byte_order_mark_are_skipped,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(wrong_lines_are_named_with_their_place, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_user_name_that_is_there_twice_is_warned_of_and_used_once,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_space_at_the_end_of_a_password_is_warned_of_and_kept, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_file_in_a_wrong_format_does_not_crowd_out_other_errors,
                                    set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_file_without_an_account_is_an_error, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_file_that_is_missing_is_named_by_its_path, set_up, tear_down),
    cmocka_unit_test_setup_teardown(no_line_of_the_file_is_shown_with_its_password, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(a_hundred_thousand_accounts_are_read, set_up, tear_down))
