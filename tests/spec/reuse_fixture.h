/* What the tests of includes, variables, --set, defaults and matrices have in common. */
#ifndef CMTEST_TESTS_REUSE_FIXTURE_H
#define CMTEST_TESTS_REUSE_FIXTURE_H

#include "support/specification.h"

#include "cmtest/arena.h"
#include "cmtest/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "cmtest: 1\n"
#define TAIL "duration: 1s\n"
#define AGENTS "groups:\n  agents: { registrar: embedded, endpoints: 2 }\n"
/* An include: is looked for beside this. */
#define SPEC_PATH TEST_DATA "/include/spec.yaml"

struct fixture {
    struct diag *diag;
    struct spec_cases cases;
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    f->diag = diag_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    spec_cases_free(&f->cases);
    diag_free(f->diag);
    free(f);
    return 0;
}

static void read_with(struct fixture *f, const char *text, const char *const *settings,
                      size_t count)
{
    f->cases = spec_parse_cases(SPEC_PATH, text, strlen(text), settings, count, f->diag);
}

static void print_findings(struct fixture *f)
{
    struct text out = {0};
    diag_print(f->diag, &out, false);
    print_error("%s", text_get(&out));
    text_fini(&out);
}

/* The first case of what must be right. */
static const struct spec *good_with(struct fixture *f, const char *text, const char *setting)
{
    read_with(f, text, &setting, setting ? 1 : 0);
    if (diag_count(f->diag))
        print_findings(f);
    assert_int_equal(diag_count(f->diag), 0);
    assert_true(f->cases.count >= 1);
    return f->cases.specs[0];
}

/* The only finding; its place is in that file, at that line and column. */
static const struct finding *bad_with(struct fixture *f, const char *text, const char *setting,
                                      const char *code, const char *file, int line, int column)
{
    read_with(f, text, &setting, setting ? 1 : 0);
    if (diag_count(f->diag) != 1)
        print_findings(f);
    assert_int_equal(diag_count(f->diag), 1);
    const struct finding *finding = diag_get(f->diag, 0);
    assert_string_equal(finding->code, code);
    const char *slash = strrchr(finding->place.file, '/');
    assert_string_equal(slash ? slash + 1 : finding->place.file, file);
    assert_int_equal(finding->place.line, line);
    assert_int_equal(finding->place.column, column);
    return finding;
}

static inline const struct spec *good(struct fixture *f, const char *text)
{
    return good_with(f, text, NULL);
}

static inline const struct finding *bad(struct fixture *f, const char *text, const char *code,
                                        int line, int column)
{
    return bad_with(f, text, NULL, code, "spec.yaml", line, column);
}

static inline void assert_nowhere(struct fixture *f, const char *secret)
{
    struct text out = {0};
    diag_print(f->diag, &out, false);
    if (strstr(text_get(&out), secret))
        fail_msg("\"%s\" is given away:\n%s", secret, text_get(&out));
    text_fini(&out);
}

#endif
