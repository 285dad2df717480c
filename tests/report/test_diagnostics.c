/* Each format of findings against tests/report/golden-diagnostics/<name>. */
#include "support/specification.h"

#define GOLDEN_FOLDER "golden-diagnostics"
#include "golden.h"
#include "cmtest/diag_format.h"
#include "cmtest/explanation.h"

static struct place at(int line, int column, int width)
{
    return (struct place){.file = "./specs/gate.yaml", line, column, width};
}

static struct diag *with_source(void)
{
    static const char source[] = "cmtest: 1\n"
                                 "groups:\n"
                                 "  agents: { registrar: embedded, endpoints: 2 }\n"
                                 "  agents: { registrar: embedded, endpoints: 4 }\n"
                                 "  z\xc3\xb6: { audio: { codecs: [opsu] } }\n";
    struct diag *diag = diag_new();
    diag_source(diag, "./specs/gate.yaml", source, sizeof source - 1);
    return diag;
}

/* Findings of every kind: with a hint or none, a second place, a file as a whole, a file that
 * cannot be shown, and words that a program could mistake for its own. */
static struct diag *several(void)
{
    struct diag *diag = with_source();
    diag_add(diag, DIAG_ERROR, "duplicate-key", at(4, 3, 6), "remove one",
             "the key \"agents\" is given twice");
    diag_related(diag, at(3, 3, 6), "first given here");
    diag_add(diag, DIAG_ERROR, "unknown-codec", at(5, 26, 4), "did you mean \"pcmu\"?",
             "\"opsu\" is not an audio codec");
    diag_add(diag, DIAG_WARNING, "trailing-space", (struct place){"a%b,c:d.txt", 7, 2, 1}, NULL,
             "100%% of\r\n::error::\033[1mthis\xff");
    diag_related(diag, (struct place){"/etc/other file.yaml", 1, 1, 1}, "see: %s", "50%\n");
    diag_add(diag, DIAG_ERROR, "empty-file", (struct place){.file = "empty.yaml"}, "write one",
             "the file holds no spec");
    diag_add(diag, DIAG_ERROR, "not-a-code", (struct place){0}, NULL, "without any place");
    return diag;
}

static void check(const char *format, const char *golden, struct diag *diag)
{
    struct text out = {0};
    text_add(&out, "");
    diag_format_find(format)->write(diag, "./specs/gate.yaml", false, &out);
    assert_golden(golden, text_get(&out), out.length);
    text_fini(&out);
    diag_free(diag);
}

static void text_shows_the_source(void **state)
{
    (void)state;
    check("text", "several.txt", several());
}

static void json_tells_all(void **state)
{
    (void)state;
    check("json", "several.json", several());
}

static void sarif_carries_its_rules(void **state)
{
    (void)state;
    check("sarif", "several.sarif", several());
}

static void github_escapes_its_commands(void **state)
{
    (void)state;
    check("github", "several.github", several());
}

static void gitlab_lists_issues(void **state)
{
    (void)state;
    check("gitlab", "several.gitlab.json", several());
}

static void nothing_found_is_a_document_too(void **state)
{
    (void)state;
    check("text", "none.txt", diag_new());
    check("json", "none.json", diag_new());
    check("sarif", "none.sarif", diag_new());
    check("github", "none.github", diag_new());
    check("gitlab", "none.gitlab.json", diag_new());
}

static void github_shows_errors_first_and_says_how_many_more(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    for (int i = 0; i < 40; i++)
        diag_add(diag, i < 20 ? DIAG_WARNING : DIAG_ERROR, "code", at(i + 1, 1, 1), NULL, "%d", i);
    for (int i = 0; i < 30; i++)
        diag_add(diag, DIAG_ERROR, "code", at(90 + i, 1, 1), NULL, "more");
    check("github", "many.github", diag);
}

static void fingerprint_survives_lines_that_move(void **state)
{
    (void)state;
    char before[DIAG_FINGERPRINT_SIZE], after[DIAG_FINGERPRINT_SIZE];
    struct diag *diag = diag_new();
    diag_source(diag, "a.yaml", "a: 1\nb: 2\n", 10);
    diag_add(diag, DIAG_ERROR, "x", (struct place){"a.yaml", 2, 1, 1}, NULL, "here");
    diag_fingerprint(diag, 0, before);
    diag_free(diag);
    diag = diag_new();
    diag_source(diag, "a.yaml", "a: 1\n\n\n  b: 2\n", 14);
    diag_add(diag, DIAG_ERROR, "x", (struct place){"a.yaml", 4, 3, 1}, NULL, "there");
    diag_fingerprint(diag, 0, after);
    diag_free(diag);
    assert_string_equal(before, after);
}

static void fingerprints_differ(void **state)
{
    (void)state;
    char seen[8][DIAG_FINGERPRINT_SIZE];
    struct diag *diag = with_source();
    diag_add(diag, DIAG_ERROR, "x", at(3, 1, 1), NULL, "a");
    diag_add(diag, DIAG_ERROR, "y", at(3, 1, 1), NULL, "another code");
    diag_add(diag, DIAG_ERROR, "x", at(3, 9, 1), NULL, "another place in the line");
    diag_add(diag, DIAG_ERROR, "x", at(3, 9, 1), NULL, "the same place");
    diag_add(diag, DIAG_ERROR, "x", at(4, 1, 1), NULL, "another line");
    diag_add(diag, DIAG_ERROR, "x", at(2, 1, 1), NULL, "another one");
    for (size_t i = 0; i < diag_count(diag); i++) {
        diag_fingerprint(diag, i, seen[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(seen[i], seen[j]);
    }
    diag_free(diag);
}

static void an_unknown_format_is_not_found(void **state)
{
    (void)state;
    assert_null(diag_format_find("xml"));
    assert_null(explanation_find("no-such-code"));
}

SPECIFICATION(cmocka_unit_test(text_shows_the_source), cmocka_unit_test(json_tells_all),
              cmocka_unit_test(sarif_carries_its_rules),
              cmocka_unit_test(github_escapes_its_commands), cmocka_unit_test(gitlab_lists_issues),
              cmocka_unit_test(nothing_found_is_a_document_too),
              cmocka_unit_test(github_shows_errors_first_and_says_how_many_more),
              cmocka_unit_test(fingerprint_survives_lines_that_move),
              cmocka_unit_test(fingerprints_differ),
              cmocka_unit_test(an_unknown_format_is_not_found))
