/*
 * specification: the main() of every unit test. A test program is a group of cmocka tests whose
 * names read like a specification; ctest runs each one alone as <module>.<file>/<test>.
 *
 *   SPECIFICATION(cmocka_unit_test(sequence_number_wraps),
 *                 cmocka_unit_test(loss_is_clamped))
 *
 * CMake finds the names by the text "cmocka_unit_test(" (also _setup_teardown), one per line.
 */
#ifndef CMTEST_SPECIFICATION_H
#define CMTEST_SPECIFICATION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define SPECIFICATION(...)                                \
    int main(int argc, char **argv)                       \
    {                                                     \
        const struct CMUnitTest tests[] = {__VA_ARGS__};  \
        if (argc > 1)                                     \
            cmocka_set_test_filter(argv[1]);              \
        return cmocka_run_group_tests(tests, NULL, NULL); \
    }

#endif
