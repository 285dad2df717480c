/* Hostile and broken files: a clear error each, soon, and never a crash. */
#include "support/specification.h"

#include "cmtest/arena.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define GOOD "cmtest: 1\ngroups:\n  agents: { registrar: embedded, endpoints: 2 }\nduration: 1s\n"

/* Generous: a sanitizer on a busy machine. What it guards against takes minutes. */
#define SECONDS_MAX 20.0

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The code of the first finding after parsing; "" when there is none. */
static void code_of(const char *bytes, size_t length, char code[64])
{
    struct diag *diag = diag_new();
    struct text out = {0};
    double start = seconds();
    spec_free(spec_parse("test.yaml", bytes, length, diag));
    text_copy(code, 64, diag_count(diag) ? diag_get(diag, 0)->code : "");
    diag_print(diag, &out, true);
    text_fini(&out);
    diag_free(diag);
    assert_true(seconds() - start < SECONDS_MAX);
}

static void assert_code_bytes(const char *bytes, size_t length, const char *expected)
{
    char code[64];
    code_of(bytes, length, code);
    assert_string_equal(code, expected);
}

static void assert_code(const char *text, const char *expected)
{
    assert_code_bytes(text, strlen(text), expected);
}

static void repeat(struct text *text, const char *what, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_add(text, what);
}

static void assert_repeated(const char *head, const char *what, size_t count, const char *tail,
                            const char *expected)
{
    struct text text = {0};
    text_add(&text, head);
    repeat(&text, what, count);
    text_add(&text, tail);
    assert_code_bytes(text.data, text.length, expected);
    text_fini(&text);
}

static void a_file_over_one_mebibyte_is_too_large(void **state)
{
    (void)state;
    assert_repeated(GOOD, "#", 1024 * 1024, "\n", "too-large");
    assert_repeated(GOOD, "#", 1024 * 1024 - sizeof GOOD, "\n", "");
}

static void text_that_is_not_utf8_is_named(void **state)
{
    (void)state;
    assert_code("cmtest: 1\nname: caf\xe9\n", "not-utf8");
    assert_code("cmtest: 1\nname: \xed\xa0\x80\n", "not-utf8");
    assert_code("cmtest: 1\nname: \xc0\x80\n", "not-utf8");
    assert_code("cmtest: 1\nname: \xf4\x90\x80\x80\n", "not-utf8");
    assert_code_bytes("\xff\xfe"
                      "c\0m\0",
                      6, "not-utf8");
    assert_code("cmtest: 1\nname: \xe2\x82", "not-utf8");
}

static void control_characters_are_refused(void **state)
{
    (void)state;
    assert_code_bytes("cmtest: 1\0\n", 11, "control-character");
    assert_code("cmtest: 1\n# \x1b[31m\n", "control-character");
    assert_code("cmtest: 1\nname: a\xc2\x85z\n", "control-character");
    assert_code("cmtest: 1\nname: a\xef\xbb\xbfz\n", "control-character");
    assert_code(GOOD "name: \"a\\0b\"\n", "control-character");
    assert_code(GOOD "name: \"a\\eb\"\n", "control-character");
}

static void nothing_is_an_empty_file(void **state)
{
    (void)state;
    assert_code("", "empty-file");
    assert_code("\n\n# only this\n", "empty-file");
    assert_code("---\n", "empty-file");
    assert_code("---\n...\n", "empty-file");
    assert_code("\xef\xbb\xbf", "empty-file");
    assert_code("null\n", "wrong-type");
}

static void nesting_is_limited(void **state)
{
    (void)state;
    assert_repeated(GOOD "x-a: ", "[", 500000, "", "too-deep");
    assert_repeated(GOOD "x-a: ", "{a: ", 200000, "", "too-deep");
    assert_repeated(GOOD "x-a:\n ", "- ", 400000, "", "too-deep");
    assert_repeated(GOOD "x-a: ", "[", 62, "", "syntax");
}

static void aliases_cannot_explode(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, GOOD "x-0: &a0 { username: u, password: p }\nx-1: &a1 [*a0, *a0]\n");
    for (int i = 2; i < 60; i++)
        text_printf(&text, "x-%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
    text_add(&text, "registrars: { pbx: { domain: d, accounts: *a59 } }\n");
    assert_code(text.data, "wrong-type");
    text_clear(&text);
    text_add(&text, GOOD "x-a: &a\n");
    repeat(&text, "- { username: u, password: p }\n", 1000);
    text_add(&text, "registrars:\n");
    for (int i = 0; i < 900; i++)
        text_printf(&text, "  r%d: { domain: d, accounts: *a }\n", i);
    assert_code(text.data, "too-many-values");
    text_fini(&text);
}

static void merges_cannot_explode(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, GOOD "x-a: &a\n");
    for (int i = 0; i < 900; i++)
        text_printf(&text, "  k%d: 1\n", i);
    for (int i = 0; i < 900; i++)
        text_printf(&text, "x-b%d: { <<: *a }\n", i);
    assert_code(text.data, "too-many-values");
    text_fini(&text);
}

static void counts_of_values_keys_and_anchors_are_limited(void **state)
{
    (void)state;
    assert_repeated(GOOD "x-a: [", "a,", 400000, "]\n", "too-many-values");
    assert_repeated(GOOD "x-a: {", "a,", 400000, "}\n", "too-many-values");
    assert_repeated(GOOD "x-a: [", "&a a,", 150000, "]\n", "too-many-values");
    assert_repeated(GOOD, "? ", 300000, "\n", "too-deep");
}

static void a_thousand_mistakes_are_counted_and_fifty_told(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    struct text text = {0};
    text_add(&text, GOOD "thresholds:\n");
    repeat(&text, "- []\n", 1000);
    struct spec *spec = spec_parse("test.yaml", text.data, text.length, diag);
    assert_non_null(spec);
    assert_int_equal(diag_errors(diag), 1000);
    assert_int_equal(diag_count(diag), DIAG_LIMIT);
    spec_free(spec);
    text_fini(&text);
    diag_free(diag);
}

static void odd_keys_do_no_harm(void **state)
{
    (void)state;
    assert_code(GOOD "? [a, b]\n: c\n", "wrong-type");
    assert_code(GOOD "? {a: b}\n: c\n", "wrong-type");
    assert_code(GOOD ": c\n", "syntax");
    assert_code(GOOD "\"a\\0b\": c\n", "wrong-type");
    assert_code(GOOD "? *x\n: c\n", "unknown-alias");
    assert_code("cmtest: 1\ngroups: { ? [x] : { registrar: embedded } }\n", "missing-key");
    assert_code(GOOD "x-a: &a a\n*a : b\n", "unknown-key");
}

static void every_cut_of_a_spec_is_survived(void **state)
{
    (void)state;
    static const char spec[] =
        "%YAML 1.2\n---\ncmtest: 1\nx-a: &a { codecs: [pcma, 'pcmu'] }\nregistrars:\n  pbx:\n"
        "    domain: \"d\\u00e9\"\n    accounts:\n    - { username: 1, password: |\n"
        "        x }\ngroups:\n  a: { <<: *a, registrar: pbx, audio: *a }\n...\n";
    char code[64];
    for (size_t length = 0; length < sizeof spec; length++)
        code_of(spec, length, code);
    for (size_t i = 0; i + 1 < sizeof spec; i++) {
        static const char swaps[] = "\"'[]{}:,-&*!|>%@`\t\n \x01\xff";
        char copy[sizeof spec];
        memcpy(copy, spec, sizeof spec);
        for (size_t s = 0; s + 1 < sizeof swaps; s++) {
            copy[i] = swaps[s];
            code_of(copy, sizeof spec - 1, code);
        }
    }
}

static void assert_load_fails(const char *path, const char *words)
{
    struct diag *diag = diag_new();
    assert_null(spec_load(path, diag));
    assert_int_equal(diag_errors(diag), 1);
    assert_string_equal(diag_get(diag, 0)->code, "cannot-read");
    assert_string_equal(diag_get(diag, 0)->place.file, path);
    assert_non_null(strstr(diag_get(diag, 0)->message, words));
    diag_free(diag);
}

static void what_is_not_a_file_is_refused_at_once(void **state)
{
    (void)state;
    char folder[] = "/tmp/cmtest-limits-XXXXXX", fifo[64];
    assert_non_null(mkdtemp(folder));
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_load_fails(fifo, "regular file");
    assert_load_fails(folder, "directory");
    assert_load_fails("/dev/zero", "regular file");
    assert_load_fails("/nonexistent/spec.yaml", "No such file");
    unlink(fifo);
    rmdir(folder);
}

SPECIFICATION(cmocka_unit_test(a_file_over_one_mebibyte_is_too_large),
              cmocka_unit_test(text_that_is_not_utf8_is_named),
              cmocka_unit_test(control_characters_are_refused),
              cmocka_unit_test(nothing_is_an_empty_file), cmocka_unit_test(nesting_is_limited),
              cmocka_unit_test(aliases_cannot_explode), cmocka_unit_test(merges_cannot_explode),
              cmocka_unit_test(counts_of_values_keys_and_anchors_are_limited),
              cmocka_unit_test(a_thousand_mistakes_are_counted_and_fifty_told),
              cmocka_unit_test(odd_keys_do_no_harm),
              cmocka_unit_test(every_cut_of_a_spec_is_survived),
              cmocka_unit_test(what_is_not_a_file_is_refused_at_once))
