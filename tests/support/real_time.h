/*
 * real_time: tests with bounds of time, which a machine that is busy with other things breaks, and
 * so does a program that is slow. What runs knows which: when a test fails and a timer or a thread
 * of it came late, the failure is no news of the program, and the test is run again, twice at most.
 * tests/support/program.py does the same.
 */
#ifndef CMTEST_REAL_TIME_H
#define CMTEST_REAL_TIME_H

#include "support/specification.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AGAIN_MAX 2
#define LATE_NS INT64_C(20000000)

static bool machine_was_late;
static int64_t
    machine_lag_ns; /* the worst so far: what is due at one time may come so much later */

static inline void note_lag(int64_t lag_ns)
{
    machine_was_late |= lag_ns > LATE_NS;
    if (lag_ns > machine_lag_ns)
        machine_lag_ns = lag_ns;
}

/* In a process as new as the first one: what failed has cleaned nothing up. */
static inline int failed_here(char **argv, int failed)
{
    const char *before = getenv("CMTEST_TEST_AGAIN");
    char now[16];
    int again = before ? atoi(before) + 1 : 1;
    if (!failed || !machine_was_late || again > AGAIN_MAX)
        return failed;
    snprintf(now, sizeof now, "%d", again);
    setenv("CMTEST_TEST_AGAIN", now, 1);
    fprintf(stderr, "this machine was the limit: once more\n");
    execv("/proc/self/exe", argv);
    return failed;
}

#define SPECIFICATION_IN_REAL_TIME(...)                                      \
    int main(int argc, char **argv)                                          \
    {                                                                        \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                     \
        if (argc > 1)                                                        \
            cmocka_set_test_filter(argv[1]);                                 \
        return failed_here(argv, cmocka_run_group_tests(tests, NULL, NULL)); \
    }

#endif
