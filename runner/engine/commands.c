#include "commands.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "cmtest/mailbox.h"
#include "cmtest/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often running ones are looked at: how exactly their end is known. */
#define LOOK_NS (5 * NS_PER_MS)
#define TAIL_MAX 120

struct process {
    uint32_t endpoint, ticket;
    char *command;
    char *variables[3];
    int64_t timeout_ns, due_ns;
    pid_t pid; /* 0: it waits */
    int output;
    bool late;           /* it was killed for that */
    char tail[TAIL_MAX]; /* of what it wrote, the last line so far */
    size_t tail_length;
    bool line_over;
    struct process *next;
};

struct commands {
    void (*ready)(void *owner);
    void *owner;
    struct mailbox *results;
    struct loop_thread *thread;
    struct loop *loop;
    struct loop_timer timer;
    struct process *first, **last; /* in the order of their coming */
    unsigned running, count;
};

struct letter {
    struct commands *commands;
    struct process *process; /* NULL: drop what is the endpoint's */
    uint32_t endpoint;
};

static void look(void *arg);

static void process_free(struct process *process)
{
    if (process->pid)
        close(process->output);
    for (size_t i = 0; i < 3; i++)
        free(process->variables[i]);
    free(process->command);
    free(process);
}

/* ---- one process ----------------------------------------------------------------------------- */

static char **environment(const struct process *process)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **all = mem_array(count + 4, sizeof *all);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "CMTEST_", 7) != 0)
            all[kept++] = environ[i];
    for (size_t i = 0; i < 3; i++)
        all[kept++] = process->variables[i];
    return all;
}

/* 0, or an errno. */
static int spawn(struct process *process, int output)
{
    char shell[] = "sh", flag[] = "-c";
    char *const arguments[] = {shell, flag, process->command, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    sigaddset(&usual, SIGHUP);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, output, 2);
    /* Sockets of the run are none of its business. */
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    char **variables = environment(process);
    int failed = posix_spawn(&process->pid, "/bin/sh", &files, &attributes, arguments, variables);
    free(variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

/* 0, or an errno. */
static int start(struct process *process)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return errno;
    /* Whoever writes must not find it full of our making. */
    fcntl(ends[1], F_SETFL, 0);
    int failed = spawn(process, ends[1]);
    close(ends[1]);
    if (failed) {
        process->pid = 0;
        close(ends[0]);
        return failed;
    }
    process->output = ends[0];
    process->due_ns = clock_now() + process->timeout_ns;
    return 0;
}

static void keep_tail(struct process *process, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
            process->line_over = true;
            continue;
        }
        if (process->line_over)
            process->tail_length = 0;
        process->line_over = false;
        if (process->tail_length < TAIL_MAX - 1)
            process->tail[process->tail_length++] =
                (unsigned char)bytes[i] < ' ' || bytes[i] == 127 ? ' ' : bytes[i];
    }
    process->tail[process->tail_length] = '\0';
}

/* Not more than a pipe holds: one that writes without an end is not to keep us. */
static void listen_to(struct process *process)
{
    char bytes[4096];
    for (int i = 0; i < 16; i++) {
        ssize_t length = read(process->output, bytes, sizeof bytes);
        if (length <= 0)
            return;
        keep_tail(process, bytes, (size_t)length);
    }
}

static void kill_group(const struct process *process)
{
    kill(-process->pid, SIGKILL);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void tell(struct commands *commands, const struct process *process, bool ok,
                 const char *what)
{
    struct commands_result result = {
        .endpoint = process->endpoint, .ticket = process->ticket, .ok = ok};
    snprintf(result.seen, sizeof result.seen, "%s%s%s", what, process->tail[0] ? ": " : "",
             process->tail);
    mailbox_put(commands->results, &result);
    commands->ready(commands->owner);
}

static void tell_end(struct commands *commands, const struct process *process, int status)
{
    char what[64];
    if (process->late)
        snprintf(what, sizeof what, "did not end within %g s",
                 (double)process->timeout_ns / NS_PER_S);
    else if (WIFEXITED(status))
        snprintf(what, sizeof what, "exit status %d", WEXITSTATUS(status));
    else
        snprintf(what, sizeof what, "ended by signal %d", WTERMSIG(status));
    tell(commands, process, !process->late && WIFEXITED(status) && !WEXITSTATUS(status), what);
}

static void unlink_at(struct commands *commands, struct process **at)
{
    struct process *process = *at;
    *at = process->next;
    if (commands->last == &process->next)
        commands->last = at;
    commands->count--;
    commands->running -= process->pid != 0;
    process_free(process);
}

/* Whether it is over and was told. */
static bool serve(struct commands *commands, struct process *process, int64_t now)
{
    int status = 0;
    if (!process->pid) {
        if (commands->running == COMMANDS_AT_ONCE)
            return false;
        int failed = start(process);
        if (failed)
            tell(commands, process, false, strerror(failed));
        commands->running += !failed;
        return failed != 0;
    }
    siginfo_t end = {0};
    bool over = waitid(P_PID, (id_t)process->pid, &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                end.si_pid == process->pid;
    listen_to(process);
    if (over) {
        /* What it has left behind, before its number may be somebody else's. */
        kill_group(process);
        waitpid(process->pid, &status, 0);
        tell_end(commands, process, status);
    } else if (now >= process->due_ns && !process->late) {
        process->late = true;
        kill_group(process);
    }
    return over;
}

static void look(void *arg)
{
    struct commands *commands = arg;
    int64_t now = clock_now();
    for (struct process **at = &commands->first; *at;) {
        if (serve(commands, *at, now))
            unlink_at(commands, at);
        else
            at = &(*at)->next;
    }
    if (commands->first)
        loop_timer_set(commands->loop, &commands->timer, now + LOOK_NS, look, commands);
}

static void end_at(struct commands *commands, struct process **at)
{
    struct process *process = *at;
    if (process->pid) {
        kill_group(process);
        waitpid(process->pid, NULL, 0);
    }
    unlink_at(commands, at);
}

static void take_letter(void *arg)
{
    struct letter *letter = arg;
    struct commands *commands = letter->commands;
    struct process *process = letter->process;
    if (process && commands->count >= COMMANDS_WAITING_MAX) {
        tell(commands, process, false, "too many commands wait already");
        process_free(process);
    } else if (process) {
        *commands->last = process;
        commands->last = &process->next;
        commands->count++;
        look(commands);
    } else {
        for (struct process **at = &commands->first; *at;)
            if ((*at)->endpoint == letter->endpoint)
                end_at(commands, at);
            else
                at = &(*at)->next;
    }
    free(letter);
}

static void post(struct commands *commands, struct process *process, uint32_t endpoint)
{
    struct letter *letter = mem_alloc(sizeof *letter);
    *letter = (struct letter){commands, process, endpoint};
    loop_post(commands->loop, take_letter, letter);
}

void commands_run(struct commands *commands, const struct commands_order *order)
{
    static const char *const names[] = {"CMTEST_ENDPOINT", "CMTEST_GROUP", "CMTEST_CALL_ID"};
    const char *const values[] = {order->name, order->group, order->call_id};
    struct process *process = mem_alloc(sizeof *process);
    process->endpoint = order->endpoint;
    process->ticket = order->ticket;
    process->timeout_ns = order->timeout_ns;
    process->command = mem_strdup(order->command);
    for (size_t i = 0; i < 3; i++) {
        struct text text = {0};
        text_printf(&text, "%s=%s", names[i], values[i] ? values[i] : "");
        process->variables[i] = mem_strdup(text_get(&text));
        text_fini(&text);
    }
    post(commands, process, order->endpoint);
}

void commands_drop(struct commands *commands, uint32_t endpoint)
{
    post(commands, NULL, endpoint);
}

static bool begin(struct loop *loop, void *arg)
{
    struct commands *commands = arg;
    commands->loop = loop;
    return true;
}

static void finish(void *arg)
{
    struct commands *commands = arg;
    loop_timer_cancel(&commands->timer);
    while (commands->first)
        end_at(commands, &commands->first);
}

struct commands *commands_new(void (*ready)(void *owner), void *owner)
{
    struct commands *commands = mem_alloc(sizeof *commands);
    commands->ready = ready;
    commands->owner = owner;
    commands->last = &commands->first;
    commands->results = mailbox_new(sizeof(struct commands_result));
    commands->thread = loop_thread_start("commands", begin, finish, commands);
    if (commands->thread)
        return commands;
    mailbox_free(commands->results);
    free(commands);
    return NULL;
}

size_t commands_take(struct commands *commands, const struct commands_result **results)
{
    const void *items;
    size_t count = mailbox_take(commands->results, &items);
    *results = items;
    return count;
}

void commands_free(struct commands *commands)
{
    if (!commands)
        return;
    loop_thread_stop(commands->thread);
    mailbox_free(commands->results);
    free(commands);
}
