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

static void lag_is_known_within_ten_percent_and_counted_anew(void **state)
{
    (void)state;
    struct lag_meter meter = {0};
    struct loop_lag lag;
    lag_take(&meter, &lag);
    assert_int_equal(lag.count, 0);
    assert_true(lag.p99_ns == -1 && lag.max_ns == -1);
    for (int i = 0; i < 985; i++)
        lag_add(&meter, -NS_PER_MS);
    for (int i = 0; i < 14; i++)
        lag_add(&meter, 30 * NS_PER_MS);
    lag_add(&meter, 10 * NS_PER_S);
    lag_take(&meter, &lag);
    assert_int_equal(lag.count, 1000);
    assert_int_equal(lag.late, 15);
    assert_true(lag.p99_ns >= 30 * NS_PER_MS && lag.p99_ns <= 33 * NS_PER_MS);
    assert_true(lag.max_ns == 10 * NS_PER_S);
    lag_take(&meter, &lag);
    assert_int_equal(lag.count, 0);
}

static void sleep_for(void *arg)
{
    (void)arg;
    clock_sleep_until(clock_now() + 40 * NS_PER_MS);
}

static void end_loop(void *arg)
{
    loop_stop(arg);
}

static void timer_behind_a_long_one_is_told_as_late(void **state)
{
    (void)state;
    struct scene scene = {.loop = loop_new()};
    struct loop_timer slow = {0}, next = {0}, last = {0};
    struct loop_lag lag;
    int64_t now = clock_now();
    loop_timer_set(scene.loop, &slow, now + NS_PER_MS, sleep_for, NULL);
    loop_timer_set(scene.loop, &next, now + 3 * NS_PER_MS, sleep_for, NULL);
    loop_timer_set(scene.loop, &last, now + 90 * NS_PER_MS, end_loop, scene.loop);
    loop_run(scene.loop);
    loop_lag_take(scene.loop, &lag);
    assert_int_equal(lag.count, 3);
    assert_true(lag.late >= 1 && lag.max_ns >= 30 * NS_PER_MS);
    loop_free(scene.loop);
}

static void usage_of_a_thread_grows_with_what_it_does(void **state)
{
    (void)state;
    struct thread_usage before, after;
    thread_usage_read(&before);
    int64_t until = clock_now() + 5 * NS_PER_MS;
    while (clock_now() < until)
        ;
    thread_usage_read(&after);
    assert_true(before.cpu_ns >= 0 && after.cpu_ns > before.cpu_ns);
    assert_true(after.process_ns > before.process_ns);
    assert_true(after.waited_ns >= before.waited_ns);
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
              cmocka_unit_test(lag_is_known_within_ten_percent_and_counted_anew),
              cmocka_unit_test(timer_behind_a_long_one_is_told_as_late),
              cmocka_unit_test(usage_of_a_thread_grows_with_what_it_does),
              cmocka_unit_test(mailbox_keeps_order_and_empties),
              cmocka_unit_test(utc_moves_with_the_monotonic_clock))
