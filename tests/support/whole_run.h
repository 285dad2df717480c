/*
 * whole_run: runs of a plan on this machine, in real time. Their tests have bounds of time, which a
 * machine that is busy with other things breaks, and so does a program that is slow. The run itself
 * knows which: when a test fails and one of its runs says that this machine was a limit or that a
 * thread of it came late, the failure is no news of the program, and the test is run again, twice
 * at most. tests/support/program.py does the same.
 */
#ifndef CMTEST_WHOLE_RUN_H
#define CMTEST_WHOLE_RUN_H

#include "support/specification.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "cmtest/execution.h"

#define AGAIN_MAX 2
#define LATE_NS INT64_C(20000000)

static bool machine_was_late;

static inline struct result *run_here(struct plan *plan, const struct execution_watch *watch)
{
    struct result *result = execution_backend_find("local")->run(plan, watch);
    if (!result)
        return NULL;
    machine_was_late |= result->limit_count > 0;
    for (uint32_t i = 0; i < result->health_count; i++)
        machine_was_late |= result->health[i].lag_max_ns > LATE_NS;
    return result;
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

#define SPECIFICATION_OF_RUNS(...)                                           \
    int main(int argc, char **argv)                                          \
    {                                                                        \
        const struct CMUnitTest tests[] = {__VA_ARGS__};                     \
        if (argc > 1)                                                        \
            cmocka_set_test_filter(argv[1]);                                 \
        return failed_here(argv, cmocka_run_group_tests(tests, NULL, NULL)); \
    }

#endif
