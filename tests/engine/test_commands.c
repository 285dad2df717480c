/* Commands of the user: what they end with, what they leave behind, and how they are ended. */
#include "support/specification.h"

#include "commands.h"
#include "cmtest/loop.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static sem_t told;

static void ready(void *owner)
{
    (void)owner;
    sem_post(&told);
}

static struct commands *open_commands(void)
{
    sem_init(&told, 0, 0);
    struct commands *commands = commands_new(ready, NULL);
    assert_non_null(commands);
    return commands;
}

static void order(struct commands *commands, uint32_t ticket, const char *command,
                  int64_t timeout_ns)
{
    commands_run(commands, &(struct commands_order){.endpoint = ticket,
                                                    .ticket = ticket,
                                                    .command = command,
                                                    .name = "callers[3]",
                                                    .group = "callers",
                                                    .call_id = "abc@host",
                                                    .timeout_ns = timeout_ns});
}

static struct commands_result next(struct commands *commands)
{
    const struct commands_result *results;
    struct timespec patience;
    clock_gettime(CLOCK_REALTIME, &patience);
    patience.tv_sec += 20;
    while (sem_timedwait(&told, &patience) < 0)
        if (errno != EINTR)
            fail_msg("nothing came of the command");
    assert_int_equal(commands_take(commands, &results), 1);
    return results[0];
}

static void assert_ran(struct commands *commands, const char *command, bool ok, const char *seen)
{
    order(commands, 7, command, 10 * NS_PER_S);
    struct commands_result result = next(commands);
    assert_int_equal(result.ticket, 7);
    assert_string_equal(result.seen, seen);
    assert_int_equal(result.ok, ok);
}

static void the_exit_status_is_the_result_and_the_last_line_is_kept(void **state)
{
    (void)state;
    struct commands *commands = open_commands();
    assert_ran(commands, "true", true, "exit status 0");
    assert_ran(commands, "echo one; echo two; exit 3", false, "exit status 3: two");
    assert_ran(commands, "echo no such host >&2; false", false, "exit status 1: no such host");
    assert_ran(commands, "kill -9 $$", false, "ended by signal 9");
    assert_ran(commands, "printf 'a\\033[2Jb'", true, "exit status 0: a [2Jb");
    assert_ran(commands, "cat", true, "exit status 0"); /* nothing to read */
    commands_free(commands);
}

static void it_knows_whose_call_it_is_and_nothing_of_our_sockets(void **state)
{
    (void)state;
    struct commands *commands = open_commands();
    int fd = dup(0);
    char command[64];
    snprintf(command, sizeof command, "test ! -e /proc/self/fd/%d", fd);
    setenv("CMTEST_ENDPOINT", "another one", 1);
    assert_ran(commands, "echo $CMTEST_ENDPOINT $CMTEST_GROUP $CMTEST_CALL_ID", true,
               "exit status 0: callers[3] callers abc@host");
    unsetenv("CMTEST_ENDPOINT");
    assert_ran(commands, command, true, "exit status 0");
    close(fd);
    commands_free(commands);
}

static void one_that_takes_too_long_is_killed_with_its_children(void **state)
{
    (void)state;
    struct commands *commands = open_commands();
    order(commands, 1, "sleep 1000 & echo $!; wait", 100 * NS_PER_MS);
    struct commands_result result = next(commands);
    int child = 0;
    assert_int_equal(sscanf(result.seen, "did not end within 0.1 s: %d", &child), 1);
    assert_false(result.ok);
    /* It is a zombie until somebody reaps it: it does not run. */
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", child);
    FILE *file = fopen(path, "r");
    if (file && fgets(line, sizeof line, file) && !strstr(line, ") Z") && !strstr(line, ") X"))
        fail_msg("the child still runs: %s", line);
    if (file)
        fclose(file);
    commands_free(commands);
}

static void one_that_writes_without_an_end_is_heard_and_killed(void **state)
{
    (void)state;
    struct commands *commands = open_commands();
    order(commands, 1, "yes", 200 * NS_PER_MS);
    assert_string_equal(next(commands).seen, "did not end within 0.2 s: y");
    commands_free(commands);
}

static void more_than_may_run_at_once_wait_and_all_are_told(void **state)
{
    (void)state;
    struct commands *commands = open_commands();
    unsigned sum = 0, count = 3 * COMMANDS_AT_ONCE;
    for (uint32_t i = 1; i <= count; i++)
        order(commands, i, "exit 0", 20 * NS_PER_S);
    for (unsigned got = 0; got < count;) {
        const struct commands_result *results;
        sem_wait(&told);
        size_t some = commands_take(commands, &results);
        for (size_t i = 0; i < some; i++) {
            assert_true(results[i].ok);
            sum += results[i].ticket;
        }
        got += (unsigned)some;
    }
    assert_int_equal(sum, count * (count + 1) / 2);
    commands_free(commands);
}

static void what_was_dropped_is_killed_and_not_told(void **state)
{
    (void)state;
    struct commands *commands = open_commands();
    order(commands, 1, "sleep 1000", 2000 * NS_PER_S);
    commands_drop(commands, 1);
    order(commands, 2, "exit 5", NS_PER_S);
    struct commands_result result = next(commands);
    assert_int_equal(result.ticket, 2);
    order(commands, 3, "sleep 1000", 2000 * NS_PER_S);
    int64_t before = clock_now();
    commands_free(commands);
    assert_true(clock_now() - before < 100 * NS_PER_S);
}

SPECIFICATION(cmocka_unit_test(the_exit_status_is_the_result_and_the_last_line_is_kept),
              cmocka_unit_test(it_knows_whose_call_it_is_and_nothing_of_our_sockets),
              cmocka_unit_test(one_that_takes_too_long_is_killed_with_its_children),
              cmocka_unit_test(one_that_writes_without_an_end_is_heard_and_killed),
              cmocka_unit_test(more_than_may_run_at_once_wait_and_all_are_told),
              cmocka_unit_test(what_was_dropped_is_killed_and_not_told))
