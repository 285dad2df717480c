/*
 * commands: commands of the user, run by /bin/sh -c beside everything else. A thread of their own
 * starts and reaps them, so that nobody else waits for a fork. Each is the leader of a process
 * group, which is killed with it; what it writes is thrown away but for its last line.
 */
#ifndef CMTEST_COMMANDS_H
#define CMTEST_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those that run at once; the others wait for their turn. */
#define COMMANDS_AT_ONCE 16
/* That wait. */
#define COMMANDS_WAITING_MAX 4096

struct commands;

struct commands_order {
    uint32_t endpoint, ticket;
    const char *command; /* the strings are copied */
    const char *name, *group, *call_id;
    int64_t timeout_ns; /* from its start */
};

struct commands_result {
    uint32_t endpoint, ticket;
    bool ok;
    char seen[192]; /* "exit status 3: no such host" */
};

/* ready is called on the thread of the commands, when there is something to take. NULL: no thread
 * could be made, and errno says why. */
struct commands *commands_new(void (*ready)(void *owner), void *owner);
/* Kills what still runs. */
void commands_free(struct commands *commands);
/* Any thread. */
void commands_run(struct commands *commands, const struct commands_order *order);
/* One thread: what has come since the last call, borrowed until the next one. */
size_t commands_take(struct commands *commands, const struct commands_result **results);
/* Any thread: what this endpoint has asked for is killed, and nothing is told of it. */
void commands_drop(struct commands *commands, uint32_t endpoint);

#endif
