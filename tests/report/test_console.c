#include "support/specification.h"

#include "golden.h"
#include "runs.h"
#include "cmtest/report.h"

static void every_run_at_eighty_and_forty_columns_is_as_the_golden_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct fixture f;
        struct text out = {0}, name = {0};
        runs[i].run(&f);
        report_console(fixture_report(&f)->runs, "cmtest-out", 80, false, true, &out);
        text_add(&out, "----------------------------------------\n");
        report_console(fixture_report(&f)->runs, "cmtest-out", 40, false, false, &out);
        text_printf(&name, "%s.txt", runs[i].name);
        assert_golden(text_get(&name), text_get(&out), out.length);
        text_fini(&name);
        text_fini(&out);
        fixture_fini(&f);
    }
}

static void only_colour_brings_escapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < RUN_COUNT; i++) {
        struct fixture f;
        struct text plain = {0}, colour = {0};
        runs[i].run(&f);
        report_console(fixture_report(&f)->runs, NULL, 80, false, true, &plain);
        report_console(fixture_report(&f)->runs, NULL, 80, true, true, &colour);
        assert_null(strchr(text_get(&plain), '\x1b'));
        assert_null(strstr(text_get(&plain), "Reports:"));
        /* The same text once its colours are taken away. */
        struct text stripped = {0};
        for (const char *at = text_get(&colour); *at; at++) {
            if (*at == '\x1b')
                at += strcspn(at, "m");
            else
                text_add_bytes(&stripped, at, 1);
        }
        assert_string_equal(text_get(&stripped), text_get(&plain));
        text_fini(&stripped);
        text_fini(&plain);
        text_fini(&colour);
        fixture_fini(&f);
    }
}

static void without_symbols_all_is_ascii(void **state)
{
    struct fixture f;
    struct text out = {0};
    (void)state;
    run_hostile(&f);
    f.roster.name = "ascii";
    report_console(fixture_report(&f)->runs, "out", 80, false, false, &out);
    for (size_t i = 0; i < out.length; i++)
        assert_true((unsigned char)out.data[i] < 0x7f);
    text_fini(&out);
    fixture_fini(&f);
}

static void no_width_is_too_small(void **state)
{
    (void)state;
    for (unsigned width = 0; width < 100; width++) {
        struct fixture f;
        struct text out = {0};
        run_wrong_password(&f);
        report_console(fixture_report(&f)->runs, "cmtest-out", width, true, true, &out);
        assert_non_null(strstr(text_get(&out), "FAIL"));
        text_fini(&out);
        fixture_fini(&f);
    }
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(every_run_at_eighty_and_forty_columns_is_as_the_golden_file),
              cmocka_unit_test(only_colour_brings_escapes),
              cmocka_unit_test(without_symbols_all_is_ascii),
              cmocka_unit_test(no_width_is_too_small))
/* clang-format on */
