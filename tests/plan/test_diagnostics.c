/* Every tests/specs/bad/<name>.yaml must be told off in exactly the words of <name>.err.
 * UPDATE_GOLDEN=1 in the environment writes the .err files anew; read the difference. */
#include "support/specification.h"

#include "cmtest/plan.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPECS TEST_DATA "/../specs/bad"

#define SETTINGS_MAX 8

/* The lines of <name>.set, if there is one: what --set is given. Cut up in place. */
static unsigned read_settings(const char *spec, char **bytes, const char **settings)
{
    char path[256];
    const char *why;
    size_t length;
    unsigned count = 0;
    snprintf(path, sizeof path, "%.*s.set", (int)(strlen(spec) - strlen(".yaml")), spec);
    *bytes = text_read_file(path, 4096, &length, &why);
    char *rest = *bytes, *line;
    while (rest && count < SETTINGS_MAX && (line = strsep(&rest, "\n")) && *line)
        settings[count++] = line;
    return count;
}

/* What both commands do: read, plan, print. */
static void explain(const char *path, struct text *out)
{
    struct diag *diag = diag_new();
    struct arena *arena = arena_new();
    char *bytes;
    const char *settings[SETTINGS_MAX];
    unsigned count = read_settings(path, &bytes, settings);
    struct spec_cases cases = spec_load_cases(path, settings, count, diag);
    for (unsigned i = 0; i < cases.count; i++)
        plan_new(cases.specs[i], 1, arena, diag);
    if (!diag_errors(diag))
        text_add(out, "no error\n");
    spec_cases_free(&cases);
    diag_print(diag, out, false);
    arena_free(arena);
    diag_free(diag);
    free(bytes);
}

static char *expected_path(const char *name)
{
    char *path = mem_alloc(strlen(name) + 8);
    sprintf(path, "%.*s.err", (int)(strlen(name) - strlen(".yaml")), name);
    return path;
}

static bool same_as_golden(const char *name)
{
    struct text out = {0};
    size_t length = 0;
    const char *why = "";
    char *path = expected_path(name);
    explain(name, &out);
    if (getenv("UPDATE_GOLDEN"))
        assert_true(text_write_file(path, out.data, out.length));
    char *expected = text_read_file(path, 1 << 20, &length, &why);
    bool same = expected && strcmp(expected, text_get(&out)) == 0;
    if (!same)
        fprintf(stderr, "--- expected in %s\n%s--- but was\n%s", path, expected ? expected : why,
                text_get(&out));
    free(expected);
    free(path);
    text_fini(&out);
    return same;
}

static int is_spec(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static void bad_specs_are_explained_in_exactly_these_words(void **state)
{
    (void)state;
    struct dirent **entries;
    int wrong = 0;
    assert_int_equal(chdir(SPECS), 0);
    int count = scandir(".", &entries, is_spec, alphasort);
    assert_true(count >= 25);
    for (int i = 0; i < count; i++) {
        wrong += !same_as_golden(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(wrong, 0);
}

static void ten_mistakes_give_ten_errors_in_one_run(void **state)
{
    (void)state;
    struct diag *diag = diag_new();
    struct arena *arena = arena_new();
    struct spec *spec = spec_load(SPECS "/ten-mistakes.yaml", diag);
    assert_non_null(spec);
    assert_null(plan_new(spec, 1, arena, diag));
    assert_int_equal(diag_errors(diag), 10);
    spec_free(spec);
    arena_free(arena);
    diag_free(diag);
}

/* Every secret in the specs above has this word in it; none of it may come out. */
static void no_explanation_shows_a_password(void **state)
{
    (void)state;
    struct dirent **entries;
    assert_int_equal(chdir(SPECS), 0);
    int count = scandir(".", &entries, is_spec, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        struct text out = {0};
        explain(entries[i]->d_name, &out);
        if (strstr(text_get(&out), "secret") || strstr(text_get(&out), "hunter"))
            fail_msg("%s gives a secret away:\n%s", entries[i]->d_name, text_get(&out));
        text_fini(&out);
        free(entries[i]);
    }
    free(entries);
}

SPECIFICATION(cmocka_unit_test(bad_specs_are_explained_in_exactly_these_words),
              cmocka_unit_test(ten_mistakes_give_ten_errors_in_one_run),
              cmocka_unit_test(no_explanation_shows_a_password))
