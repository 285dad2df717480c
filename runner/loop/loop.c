#include "cmtest/loop.h"
#include "cmtest/arena.h"
#include "cmtest/mailbox.h"
#include "timers.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct loop;
#define SU_ROOT_MAGIC_T struct loop
#define SU_WAKEUP_ARG_T struct loop
#include <sofia-sip/su_wait.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_uniqueid.h>

struct task {
    void (*run)(void *arg);
    void *arg;
};

struct loop {
    su_root_t *root;
    struct mailbox *tasks;
    int wake; /* eventfd, readable when tasks wait */
    su_wait_t wait;
    int registration;
    struct timers *timers;
    bool stopping;
    struct lag_meter lag;
};

struct loop_thread {
    pthread_t thread;
    struct loop *loop;
    char name[16];
    bool (*start)(struct loop *loop, void *arg);
    void (*finish)(void *arg);
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum { STARTING, STARTED, REFUSED } state;
    int error; /* errno of a start that was refused: it is per thread */
};

static _Noreturn void die(const char *what)
{
    const char *limit = errno == EMFILE || errno == ENFILE ? " (`ulimit -n`)"
                        : errno == EAGAIN ? " (`ulimit -u`, or the container's pids.max)"
                        : errno == ENOMEM ? " (`ulimit -v`, or the container's memory.max)"
                                          : "";
    fprintf(stderr, "cmtest: %s: %s%s\n", what, strerror(errno), limit);
    exit(70);
}

static int run_tasks(struct loop *loop, su_wait_t *wait, struct loop *same)
{
    (void)wait;
    (void)same;
    uint64_t ignored;
    while (read(loop->wake, &ignored, sizeof ignored) < 0 && errno == EINTR)
        ;
    const void *items;
    size_t count = mailbox_take(loop->tasks, &items);
    for (size_t i = 0; i < count; i++) {
        const struct task *task = (const struct task *)items + i;
        task->run(task->arg);
    }
    return 0;
}

/* sofia-sip would write its log to stderr, unasked, credentials included. */
static void discard_log(void *stream, char const *format, va_list args)
{
    (void)stream;
    (void)format;
    (void)args;
}

static void init_su(void)
{
    su_init();
    su_log_redirect(NULL, discard_log, NULL);
}

/* It reads them through a buffer of 4 KiB. */
void loop_forked(void)
{
    uint8_t rest[8192];
    su_randmem(rest, sizeof rest);
    explicit_bzero(rest, sizeof rest);
}

struct loop *loop_new(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_su);
    struct loop *loop = mem_alloc(sizeof *loop);
    loop->root = su_root_create(loop);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!loop->root || loop->wake < 0)
        die("event loop");
    su_root_threading(loop->root, 0);
    loop->tasks = mailbox_new(sizeof(struct task));
    if (su_wait_create(&loop->wait, loop->wake, SU_WAIT_IN) < 0)
        die("event loop");
    loop->registration = su_root_register(loop->root, &loop->wait, run_tasks, loop, 0);
    if (loop->registration < 0)
        die("event loop");
    loop->timers = timers_new(&loop->lag);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    timers_free(loop->timers);
    su_root_deregister(loop->root, loop->registration);
    su_root_destroy(loop->root);
    close(loop->wake);
    mailbox_free(loop->tasks);
    free(loop);
}

void loop_step(struct loop *loop)
{
    timers_wait(loop->timers);
    su_root_step(loop->root, 1000);
    timers_wait(NULL);
    if (!loop->stopping)
        timers_run(loop->timers);
}

void loop_run(struct loop *loop)
{
    while (!loop->stopping)
        loop_step(loop);
    loop->stopping = false;
}

static void stop(void *arg)
{
    struct loop *loop = arg;
    loop->stopping = true;
}

void loop_stop(struct loop *loop)
{
    loop_post(loop, stop, loop);
}

void loop_post(struct loop *loop, void (*run)(void *arg), void *arg)
{
    struct task task = {run, arg};
    uint64_t one = 1;
    /* Who put the first one wakes it for all that came before it looked. */
    if (!mailbox_put(loop->tasks, &task))
        return;
    while (write(loop->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t due_ns,
                    void (*run)(void *arg), void *arg)
{
    timer->run = run;
    timer->arg = arg;
    timer->loop = loop;
    timers_set(loop->timers, timer, due_ns);
}

void loop_timer_cancel(struct loop_timer *timer)
{
    if (timer->place)
        timers_remove(timer->loop->timers, timer);
}

bool loop_timer_is_set(const struct loop_timer *timer)
{
    return timer->place != 0;
}

void loop_lag_add(struct loop *loop, int64_t late_ns)
{
    lag_add(&loop->lag, late_ns);
}

void loop_lag_take(struct loop *loop, struct loop_lag *lag)
{
    lag_take(&loop->lag, lag);
}

void *loop_su_root(struct loop *loop)
{
    return loop->root;
}

static void settle(struct loop_thread *thread, bool started)
{
    int error = errno;
    pthread_mutex_lock(&thread->lock);
    thread->error = error;
    thread->state = started ? STARTED : REFUSED;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
}

/* The root must be made on its own thread: su binds it to the thread that creates it. */
static void *run_thread(void *arg)
{
    struct loop_thread *thread = arg;
    pthread_setname_np(pthread_self(), thread->name);
    thread->loop = loop_new();
    bool started = thread->start(thread->loop, thread->arg);
    settle(thread, started);
    if (started) {
        loop_run(thread->loop);
        if (thread->finish)
            thread->finish(thread->arg);
    }
    loop_free(thread->loop);
    return NULL;
}

struct loop_thread *loop_thread_start(const char *name, bool (*start)(struct loop *loop, void *arg),
                                      void (*finish)(void *arg), void *arg)
{
    struct loop_thread *thread = mem_alloc(sizeof *thread);
    snprintf(thread->name, sizeof thread->name, "%s", name);
    thread->start = start;
    thread->finish = finish;
    thread->arg = arg;
    pthread_mutex_init(&thread->lock, NULL);
    pthread_cond_init(&thread->changed, NULL);
    errno = pthread_create(&thread->thread, NULL, run_thread, thread);
    if (errno)
        die("thread");
    pthread_mutex_lock(&thread->lock);
    while (thread->state == STARTING)
        pthread_cond_wait(&thread->changed, &thread->lock);
    bool started = thread->state == STARTED;
    pthread_mutex_unlock(&thread->lock);
    if (started)
        return thread;
    pthread_join(thread->thread, NULL);
    int error = thread->error;
    pthread_mutex_destroy(&thread->lock);
    pthread_cond_destroy(&thread->changed);
    free(thread);
    errno = error;
    return NULL;
}

struct loop *loop_thread_loop(struct loop_thread *thread)
{
    return thread->loop;
}

void loop_thread_stop(struct loop_thread *thread)
{
    if (!thread)
        return;
    loop_stop(thread->loop);
    pthread_join(thread->thread, NULL);
    pthread_mutex_destroy(&thread->lock);
    pthread_cond_destroy(&thread->changed);
    free(thread);
}
