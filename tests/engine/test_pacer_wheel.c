/* When lines are served, without a thread and without sockets. */
#include "support/specification.h"
#include "cmtest/loop.h"
#include "pacer_private.h"

#include <stdlib.h>

#define LINES 60
#define PTIME_MS 20
#define NOW_MS 1000

struct scene {
    struct pacer pacer;
    struct line lines[LINES];
    struct line *by_endpoint[LINES];
    struct habit habits[LINES];
};

static struct scene *scene_new(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->pacer.lines = scene->by_endpoint;
    scene->pacer.habits = scene->habits;
    scene->pacer.line_count = LINES;
    scene->pacer.tick = NOW_MS;
    for (uint32_t i = 0; i < LINES; i++)
        scene->habits[i].partner = ROSTER_NONE;
    return scene;
}

static struct line *begin(struct scene *scene, uint32_t endpoint, uint32_t partner,
                          int64_t ptime_ms)
{
    struct line *line = &scene->lines[endpoint];
    scene->habits[endpoint].partner = partner;
    line->endpoint = endpoint;
    line->period_ns = ptime_ms * NS_PER_MS;
    pacer_begin(&scene->pacer, line, scene->pacer.tick * NS_PER_MS, 7 * endpoint);
    scene->by_endpoint[endpoint] = line;
    pacer_enter(&scene->pacer, line);
    return line;
}

/* One packet time of the thread: the endpoints in the order in which they are served. */
static unsigned serve(struct scene *scene, uint32_t *order)
{
    unsigned count = 0;
    for (int i = 0; i < PTIME_MS; i++) {
        scene->pacer.tick++;
        for (struct line *line = pacer_take(&scene->pacer), *next; line; line = next) {
            next = line->next;
            assert_int_equal(line->due_ns, scene->pacer.tick * NS_PER_MS);
            line->due_ns += line->period_ns;
            pacer_put(&scene->pacer, line);
            order[count++] = line->endpoint;
        }
    }
    return count;
}

static void lines_that_begin_together_are_spread_evenly(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    unsigned counts[PTIME_MS] = {0};
    for (uint32_t i = 0; i < LINES; i++) {
        struct line *line = &scene->lines[i];
        line->period_ns = PTIME_MS * NS_PER_MS;
        pacer_begin(&scene->pacer, line, NOW_MS * NS_PER_MS, 0);
        pacer_enter(&scene->pacer, line);
        counts[line->due_ns / NS_PER_MS % PTIME_MS]++;
    }
    for (unsigned i = 0; i < PTIME_MS; i++)
        assert_in_range(counts[i], LINES / PTIME_MS - 1, LINES / PTIME_MS + 3);
    free(scene);
}

static void a_few_begin_where_their_seeds_say(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(begin(scene, i, ROSTER_NONE, PTIME_MS)->due_ns,
                         (NOW_MS + 1 + 7 * i % PTIME_MS) * NS_PER_MS);
    free(scene);
}

static void the_first_packet_leaves_within_a_packet_time(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    for (uint32_t i = 0; i < LINES; i++) {
        struct line *line = begin(scene, i, ROSTER_NONE, PTIME_MS);
        assert_in_range(line->due_ns, (NOW_MS + 1) * NS_PER_MS, (NOW_MS + PTIME_MS) * NS_PER_MS);
    }
    free(scene);
}

static void who_talk_to_each_other_are_served_one_behind_the_other(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    uint32_t order[LINES];
    for (uint32_t i = 0; i < LINES / 2; i++)
        begin(scene, i, i + LINES / 2, PTIME_MS);
    for (uint32_t i = 0; i < LINES / 2; i++)
        begin(scene, i + LINES / 2, i, PTIME_MS);
    for (unsigned round = 0; round < 5; round++) {
        assert_int_equal(serve(scene, order), LINES);
        for (unsigned i = 0; i < LINES; i += 2)
            assert_int_equal(order[i] + LINES / 2, order[i + 1]);
    }
    free(scene);
}

static void a_partner_with_another_packet_time_is_served_on_its_own(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    begin(scene, 1, ROSTER_NONE, PTIME_MS);
    const struct line *first = begin(scene, 2, 3, PTIME_MS);
    const struct line *second = begin(scene, 3, 2, 2 * PTIME_MS);
    assert_true(first->due_ns != second->due_ns);
    assert_null(first->next);
    free(scene);
}

static void precise_packets_have_times_of_their_own_and_are_served_in_their_order(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    int64_t before = 0;
    unsigned between = 0, count = 0;
    scene->pacer.precise = true;
    for (uint32_t i = 0; i < LINES; i++) {
        scene->habits[i].partner = i ^ 1u;
        struct line *line = &scene->lines[i];
        line->endpoint = i;
        line->period_ns = PTIME_MS * NS_PER_MS;
        pacer_begin(&scene->pacer, line, NOW_MS * NS_PER_MS, 77777777 * (i + 1));
        scene->by_endpoint[i] = line;
        pacer_enter(&scene->pacer, line);
        between += line->due_ns % NS_PER_MS != 0;
    }
    for (int i = 0; i < PTIME_MS + 1; i++) {
        for (struct line *line = pacer_take(&scene->pacer); line; line = line->next) {
            assert_true(line->due_ns >= before);
            assert_int_equal(line->due_ns / NS_PER_MS, scene->pacer.tick);
            before = line->due_ns;
            count++;
        }
        scene->pacer.tick++;
    }
    assert_int_equal(count, LINES);
    assert_true(between > LINES / 2);
    free(scene);
}

static void a_line_that_is_overdue_is_served_in_the_next_turn(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    struct line *line = begin(scene, 0, ROSTER_NONE, PTIME_MS);
    while (pacer_take(&scene->pacer) != line)
        scene->pacer.tick++;
    line->due_ns -= 5 * line->period_ns;
    pacer_put(&scene->pacer, line);
    scene->pacer.tick++;
    assert_ptr_equal(pacer_take(&scene->pacer), line);
    assert_null(pacer_take(&scene->pacer));
    free(scene);
}

/* A line in which nothing may flow, at its first turn. */
static struct line *begin_idle(struct scene *scene)
{
    struct stream_config config = {.codec = codec_find("pcma"), .ptime_ms = PTIME_MS, .cname = "x"};
    struct line *line = begin(scene, 0, ROSTER_NONE, PTIME_MS);
    line->stream = stream_new(&config, line->due_ns);
    line->second_ns = line->due_ns + NS_PER_S;
    scene->pacer.tick = line->due_ns / NS_PER_MS;
    assert_ptr_equal(pacer_take(&scene->pacer), line);
    return line;
}

static void where_nothing_may_flow_only_reports_and_seconds_have_their_turns(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    struct line *line = begin_idle(scene);
    int64_t turns = 0, period_ns[] = {20 * NS_PER_MS, 30 * NS_PER_MS};
    for (int i = 0; i < 2; i++) {
        line->period_ns = period_ns[i];
        for (turns = 0; line->due_ns < line->second_ns; turns++) {
            int64_t before = line->due_ns;
            pacer_end_pause(line);
            pacer_advance(line);
            assert_in_range(line->due_ns - before, 1, PACER_IDLE_NS);
        }
        assert_in_range(turns, 10, 12);
        assert_in_range(line->due_ns - line->second_ns, 0, period_ns[i] - 1);
        line->second_ns += NS_PER_S;
    }
    line->may_receive = true;
    line->paused = false;
    int64_t due = line->due_ns;
    pacer_advance(line);
    assert_int_equal(line->due_ns - due, line->period_ns);
    stream_free(line->stream);
    free(scene);
}

static void what_changes_after_a_pause_is_served_within_a_packet_time(void **state)
{
    (void)state;
    struct scene *scene = scene_new();
    struct line *line = begin_idle(scene);
    begin(scene, 1, ROSTER_NONE, PTIME_MS);
    for (int late_ms = 0; late_ms <= 110; late_ms += 11) {
        int64_t due = line->due_ns, now = due + late_ms * NS_PER_MS, next = due + PACER_IDLE_NS;
        pacer_advance(line);
        pacer_put(&scene->pacer, line);
        scene->pacer.tick = now / NS_PER_MS;
        pacer_hurry(&scene->pacer, line, now);
        assert_false(line->paused);
        assert_int_equal((line->due_ns - due) % line->period_ns, 0);
        assert_in_range(line->due_ns, due + line->period_ns,
                        now + line->period_ns > next ? next : now + line->period_ns);
        due = line->due_ns;
        scene->pacer.tick =
            due > now ? due / NS_PER_MS : scene->pacer.tick + 1; /* overdue: the next one */
        struct line *taken = pacer_take(&scene->pacer);
        assert_ptr_equal(taken, line);
        assert_null(taken->next);
    }
    stream_free(line->stream);
    free(scene);
}

SPECIFICATION(
    cmocka_unit_test(lines_that_begin_together_are_spread_evenly),
    cmocka_unit_test(a_few_begin_where_their_seeds_say),
    cmocka_unit_test(the_first_packet_leaves_within_a_packet_time),
    cmocka_unit_test(who_talk_to_each_other_are_served_one_behind_the_other),
    cmocka_unit_test(a_partner_with_another_packet_time_is_served_on_its_own),
    cmocka_unit_test(precise_packets_have_times_of_their_own_and_are_served_in_their_order),
    cmocka_unit_test(a_line_that_is_overdue_is_served_in_the_next_turn),
    cmocka_unit_test(where_nothing_may_flow_only_reports_and_seconds_have_their_turns),
    cmocka_unit_test(what_changes_after_a_pause_is_served_within_a_packet_time))
