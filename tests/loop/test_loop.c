#include "support/specification.h"
#include "cmtest/loop.h"
#include "cmtest/mailbox.h"

#include <errno.h>
#include <sofia-sip/su_wait.h>

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

#define MANY 200

struct crowd {
    struct loop *loop;
    struct loop_timer timers[MANY];
    int64_t due[MANY];
    int ran, wrong;
    int64_t last_due;
};

static void fire_one(void *arg)
{
    struct crowd *crowd = arg;
    int64_t now = clock_now();
    /* Whose turn it is: the one that is no longer set. */
    for (int i = 0; i < MANY; i++)
        if (crowd->due[i] && !loop_timer_is_set(&crowd->timers[i])) {
            crowd->wrong += crowd->due[i] < crowd->last_due || now < crowd->due[i];
            crowd->last_due = crowd->due[i];
            crowd->due[i] = 0;
        }
    if (++crowd->ran == MANY / 2)
        loop_stop(crowd->loop);
}

static void many_timers_run_in_the_order_of_their_times(void **state)
{
    (void)state;
    static struct crowd crowd;
    crowd = (struct crowd){.loop = loop_new()};
    int64_t now = clock_now();
    for (int i = 0; i < MANY; i++) {
        /* A permutation of 0.1 ms steps, as 67 and 200 have no common divisor. */
        crowd.due[i] = now + NS_PER_MS + i * 67 % MANY * (NS_PER_MS / 10);
        loop_timer_set(crowd.loop, &crowd.timers[i], crowd.due[i], fire_one, &crowd);
    }
    for (int i = 0; i < MANY; i += 2) {
        loop_timer_cancel(&crowd.timers[i]);
        crowd.due[i] = 0;
    }
    loop_run(crowd.loop);
    assert_int_equal(crowd.ran, MANY / 2);
    assert_int_equal(crowd.wrong, 0);
    loop_free(crowd.loop);
}

struct again {
    struct loop *loop;
    struct loop_timer timer;
    int turns;
    bool posted;
};

static void note_posted(void *arg)
{
    struct again *again = arg;
    again->posted = true;
}

static void set_in_the_past(void *arg)
{
    struct again *again = arg;
    if (again->turns++ == 0)
        loop_post(again->loop, note_posted, again);
    if (again->posted)
        loop_stop(again->loop);
    else
        loop_timer_set(again->loop, &again->timer, 1, set_in_the_past, again);
}

static void timer_that_is_always_due_does_not_shut_out_the_others(void **state)
{
    (void)state;
    struct again again = {.loop = loop_new()};
    loop_timer_set(again.loop, &again.timer, 1, set_in_the_past, &again);
    loop_run(again.loop);
    assert_true(again.posted);
    loop_free(again.loop);
}

static void end_wait(su_root_magic_t *magic, su_timer_t *timer, su_timer_arg_t *over)
{
    (void)magic;
    (void)timer;
    *(bool *)over = true;
}

/* su's timers wait in whole milliseconds, and without su_duration() of ours would poll for the rest
 * of one: thousands of turns. */
static void waiting_for_a_timer_of_the_sip_stack_takes_few_turns(void **state)
{
    (void)state;
    struct loop *loop = loop_new();
    su_timer_t *timer = su_timer_create(su_root_task(loop_su_root(loop)), 20);
    long turns = 0;
    bool over = false;
    for (su_timer_set(timer, end_wait, (su_timer_arg_t *)&over); !over; turns++)
        loop_step(loop);
    assert_in_range(turns, 1, 10);
    su_timer_destroy(timer);
    loop_free(loop);
}

/* One of ours is waited for in one turn, and not in the milliseconds of su. */
static void waiting_for_a_timer_takes_few_turns(void **state)
{
    (void)state;
    struct scene scene = {.loop = loop_new()};
    long turns = 0;
    loop_timer_set(scene.loop, &scene.first, clock_now() + 20 * NS_PER_MS + 1, fire_first, &scene);
    for (; scene.count == 0; turns++)
        loop_step(scene.loop);
    assert_in_range(turns, 1, 10);
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

static void lag_is_known_within_four_percent_and_counted_anew(void **state)
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
    assert_in_range(lag.p99_ns, 28800 * NS_PER_US, 31200 * NS_PER_US);
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
        assert_int_equal(mailbox_put(mailbox, &i), i == 0);
    const void *items;
    assert_int_equal(mailbox_take(mailbox, &items), 100);
    assert_int_equal(((const int *)items)[99], 99);
    assert_true(mailbox_put(mailbox, &(int){7}));
    assert_int_equal(mailbox_take(mailbox, &items), 1);
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
              cmocka_unit_test(many_timers_run_in_the_order_of_their_times),
              cmocka_unit_test(timer_that_is_always_due_does_not_shut_out_the_others),
              cmocka_unit_test(waiting_for_a_timer_of_the_sip_stack_takes_few_turns),
              cmocka_unit_test(waiting_for_a_timer_takes_few_turns),
              cmocka_unit_test(posts_run_on_the_loops_thread_in_order),
              cmocka_unit_test(thread_that_refuses_to_start_is_reported),
              cmocka_unit_test(lag_is_known_within_four_percent_and_counted_anew),
              cmocka_unit_test(timer_behind_a_long_one_is_told_as_late),
              cmocka_unit_test(usage_of_a_thread_grows_with_what_it_does),
              cmocka_unit_test(mailbox_keeps_order_and_empties),
              cmocka_unit_test(utc_moves_with_the_monotonic_clock))
