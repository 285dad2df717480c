#include "support/specification.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "runs.h"
#include "cmtest/report.h"

/* A folder of its own, taken away with what the reports put there. */
static void make_folder(char *folder, size_t size)
{
    snprintf(folder, size, "/tmp/cmtest-report-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static void remove_reports(const char *folder)
{
    char path[256];
    for (size_t i = 0; report_formats[i]; i++) {
        if (!report_formats[i]->file)
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, report_formats[i]->file);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void folder_is_made_with_its_parents(void **state)
{
    char top[64], folder[128], middle[128];
    struct fixture f;
    struct text failed = {0};
    (void)state;
    make_folder(top, sizeof(top));
    snprintf(middle, sizeof(middle), "%s/a", top);
    snprintf(folder, sizeof(folder), "%s/a/b", top);
    run_pass(&f);
    assert_true(report_write_all(fixture_report(&f), folder, &failed));
    assert_true(report_write_all(fixture_report(&f), folder, &failed));
    assert_int_equal(failed.length, 0);
    remove_reports(folder);
    assert_int_equal(rmdir(middle), 0);
    assert_int_equal(rmdir(top), 0);
    text_fini(&failed);
    fixture_fini(&f);
}

static bool exists(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void touch(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_true(text_write_file(path, "", 0));
}

static void evidence_is_written_and_that_of_an_earlier_run_removed(void **state)
{
    static const char *const kept[] = {"callers.txt", "callers-.txt", "-1.txt", "callers-1.md",
                                       "callers-1x.txt"};
    char top[64], folder[128];
    struct fixture f;
    struct text failed = {0};
    (void)state;
    make_folder(top, sizeof(top));
    snprintf(folder, sizeof(folder), "%s/evidence", top);
    run_busy(&f);
    assert_true(report_write_all(fixture_report(&f), top, &failed));
    assert_true(exists(folder, "callers-1.txt"));
    assert_true(exists(folder, "callers-1.pcap"));
    fixture_fini(&f);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        touch(folder, kept[i]);
    run_pass(&f);
    assert_true(report_write_all(fixture_report(&f), top, &failed));
    assert_false(exists(folder, "callers-1.txt"));
    assert_false(exists(folder, "callers-1.pcap"));
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        char path[256];
        snprintf(path, sizeof(path), "%s/%s", folder, kept[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_true(report_write_all(fixture_report(&f), top, &failed));
    assert_false(exists(top, "evidence"));
    remove_reports(top);
    text_fini(&failed);
    fixture_fini(&f);
}

static void evidence_that_cannot_be_written_is_named(void **state)
{
    char top[64], path[128];
    struct fixture f;
    struct text failed = {0};
    (void)state;
    make_folder(top, sizeof(top));
    snprintf(path, sizeof(path), "%s/evidence", top);
    touch(top, "evidence");
    run_busy(&f);
    assert_false(report_write_all(fixture_report(&f), top, &failed));
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(strncmp(text_get(&failed), path, strlen(path)), 0);
    assert_int_equal(unlink(path), 0);
    remove_reports(top);
    text_fini(&failed);
    fixture_fini(&f);
}

static void path_that_cannot_be_written_is_named(void **state)
{
    struct fixture f;
    struct text failed = {0};
    (void)state;
    run_pass(&f);
    assert_false(report_write_all(fixture_report(&f), "/dev/null/out", &failed));
    assert_int_equal(errno, ENOTDIR);
    assert_string_equal(text_get(&failed), "/dev/null/out");
    assert_false(report_write_all(fixture_report(&f), "/dev/null", &failed));
    assert_int_equal(errno, ENOTDIR);
    assert_string_equal(text_get(&failed), "/dev/null");
    assert_false(report_write_all(fixture_report(&f), "", &failed));
    text_fini(&failed);
    fixture_fini(&f);
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    assert_non_null(report_format_find("junit"));
    assert_non_null(report_format_find("json"));
    assert_null(report_format_find("pdf"));
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(folder_is_made_with_its_parents),
              cmocka_unit_test(evidence_is_written_and_that_of_an_earlier_run_removed),
              cmocka_unit_test(evidence_that_cannot_be_written_is_named),
              cmocka_unit_test(path_that_cannot_be_written_is_named),
              cmocka_unit_test(formats_are_found_by_name))
/* clang-format on */
