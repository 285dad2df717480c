#include "support/specification.h"
#include "cmtest/loop.h"
#include "cmtest/mailbox.h"

#include <errno.h>

struct scene {
    struct loop *loop;
    struct loop_timer first, second;
    int64_t fired_at;
    int order[8];
    int count;
};

static void note(struct scene *scene, int what)
{
    scene->order[scene->count++] = what;
}

static void fire_first(void *arg)
{
    struct scene *scene = arg;
    note(scene, 1);
    scene->fired_at = clock_now();
}

static void fire_last(void *arg)
{
    struct scene *scene = arg;
    note(scene, 2);
    loop_stop(scene->loop);
}

static void timer_is_never_early(void **state)
{
    (void)state;
    struct scene scene = {.loop = loop_new()};
    int64_t due = clock_now() + 12 * NS_PER_MS;
    loop_timer_set(scene.loop, &scene.first, due, fire_first, &scene);
    loop_timer_set(scene.loop, &scene.second, due + 3 * NS_PER_MS, fire_last, &scene);
    loop_run(scene.loop);
    assert_int_equal(scene.count, 2);
    assert_true(scene.fired_at >= due);
    assert_false(loop_timer_is_set(&scene.first));
    loop_free(scene.loop);
}

static void cancelled_timer_does_not_run(void **state)
{
    (void)state;
    struct scene scene = {.loop = loop_new()};
    int64_t now = clock_now();
    loop_timer_set(scene.loop, &scene.first, now + NS_PER_MS, fire_first, &scene);
    loop_timer_cancel(&scene.first);
    loop_timer_set(scene.loop, &scene.second, now + 5 * NS_PER_MS, fire_last, &scene);
    loop_run(scene.loop);
    assert_int_equal(scene.count, 1);
    loop_free(scene.loop);
}

static void setting_again_moves_a_timer(void **state)
{
    (void)state;
    struct scene scene = {.loop = loop_new()};
    int64_t now = clock_now();
    loop_timer_set(scene.loop, &scene.first, now + NS_PER_S * 60, fire_first, &scene);
    loop_timer_set(scene.loop, &scene.first, now + NS_PER_MS, fire_first, &scene);
    loop_timer_set(scene.loop, &scene.second, now + 4 * NS_PER_MS, fire_last, &scene);
    loop_run(scene.loop);
    assert_int_equal(scene.order[0], 1);
    loop_free(scene.loop);
}

static void post_one(void *arg)
{
    note(arg, 1);
}

static bool remember_loop(struct loop *loop, void *arg)
{
    struct scene *scene = arg;
    scene->loop = loop;
    return true;
}

static void posts_run_on_the_loops_thread_in_order(void **state)
{
    (void)state;
    struct scene scene = {0};
    struct loop_thread *thread = loop_thread_start("test", remember_loop, NULL, &scene);
    assert_non_null(thread);
    for (int i = 0; i < 5; i++)
        loop_post(loop_thread_loop(thread), post_one, &scene);
    loop_thread_stop(thread);
    assert_int_equal(scene.count, 5);
}

static bool refuse(struct loop *loop, void *arg)
{
    (void)loop;
    (void)arg;
    errno = EADDRINUSE;
    return false;
}

static void thread_that_refuses_to_start_is_reported(void **state)
{
    (void)state;
    errno = 0;
    assert_null(loop_thread_start("test", refuse, NULL, NULL));
    assert_int_equal(errno, EADDRINUSE);
}

static void mailbox_keeps_order_and_empties(void **state)
{
    (void)state;
    struct mailbox *mailbox = mailbox_new(sizeof(int));
    for (int i = 0; i < 100; i++)
        mailbox_put(mailbox, &i);
    const void *items;
    assert_int_equal(mailbox_take(mailbox, &items), 100);
    assert_int_equal(((const int *)items)[99], 99);
    assert_int_equal(mailbox_take(mailbox, &items), 0);
    mailbox_free(mailbox);
}

static void utc_moves_with_the_monotonic_clock(void **state)
{
    (void)state;
    int64_t now = clock_now();
    assert_true(clock_utc(now + 7) - clock_utc(now) == 7);
    int64_t back = clock_from_realtime(clock_utc(now));
    assert_true(back - now < NS_PER_S && now - back < NS_PER_S);
}

SPECIFICATION(cmocka_unit_test(timer_is_never_early),
              cmocka_unit_test(cancelled_timer_does_not_run),
              cmocka_unit_test(setting_again_moves_a_timer),
              cmocka_unit_test(posts_run_on_the_loops_thread_in_order),
              cmocka_unit_test(thread_that_refuses_to_start_is_reported),
              cmocka_unit_test(mailbox_keeps_order_and_empties),
              cmocka_unit_test(utc_moves_with_the_monotonic_clock))
