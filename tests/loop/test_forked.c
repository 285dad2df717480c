/* A process that was made of another one has a stack of SIP of its own. */
#include "support/specification.h"

#include "cmtest/loop.h"

#include <pthread.h>
#include <sofia-sip/su_uniqueid.h>
#include <sys/wait.h>
#include <unistd.h>

static void *draw(void *to)
{
    *(uint32_t *)to = su_random();
    return NULL;
}

/* What a thread of a child draws first. */
static uint32_t drawn_by_a_child(void)
{
    uint32_t drawn = 0;
    int ends[2];
    pthread_t thread;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        loop_forked();
        pthread_create(&thread, NULL, draw, &drawn);
        pthread_join(thread, NULL);
        _exit(write(ends[1], &drawn, sizeof drawn) != sizeof drawn);
    }
    assert_int_equal(read(ends[0], &drawn, sizeof drawn), sizeof drawn);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    close(ends[0]);
    close(ends[1]);
    return drawn;
}

static void children_draw_other_random_numbers_than_each_other(void **state)
{
    (void)state;
    struct loop *loop = loop_new();
    su_random(); /* which fills the buffer that they would share */
    uint32_t first = drawn_by_a_child(), second = drawn_by_a_child();
    assert_int_not_equal(first, second);
    loop_free(loop);
}

SPECIFICATION(cmocka_unit_test(children_draw_other_random_numbers_than_each_other))
