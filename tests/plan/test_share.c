#include "support/specification.h"

#include "cmtest/share.h"

#include <stdbool.h>

#define CALLS 50
#define ALONE 7

/* Callees, callers of them, and some who call out. */
struct scene {
    struct plan_group groups[3];
    struct plan_endpoint endpoints[2 * CALLS + ALONE];
    struct plan plan;
    struct arena *arena;
};

static void make(struct scene *scene)
{
    *scene = (struct scene){.arena = arena_new()};
    scene->groups[0] = (struct plan_group){.first = 0, .count = CALLS};
    scene->groups[1] = (struct plan_group){.first = CALLS, .count = CALLS};
    scene->groups[2] = (struct plan_group){.first = 2 * CALLS, .count = ALONE};
    for (uint32_t i = 0; i < 2 * CALLS + ALONE; i++) {
        uint32_t group = i / CALLS;
        scene->endpoints[i] = (struct plan_endpoint){.group = group,
                                                     .partner = group == 0   ? i + CALLS
                                                                : group == 1 ? i - CALLS
                                                                             : ROSTER_NONE,
                                                     .caller = group > 0};
    }
    scene->plan = (struct plan){.groups = scene->groups,
                                .group_count = 3,
                                .endpoints = scene->endpoints,
                                .endpoint_count = 2 * CALLS + ALONE};
}

static void both_sides_of_a_call_are_with_one_worker(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene);
    for (uint32_t workers = 1; workers < 9; workers++) {
        const struct share *share = share_new(&scene.plan, workers, scene.arena);
        assert_int_equal(share->workers, workers);
        for (uint32_t i = 0; i < CALLS; i++)
            assert_int_equal(share->worker_of[i], share->worker_of[i + CALLS]);
    }
    arena_free(scene.arena);
}

static void each_worker_gets_as_many_of_every_kind(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene);
    const struct share *share = share_new(&scene.plan, 3, scene.arena);
    uint32_t kinds[3][3] = {{0}}, all = 0;
    for (uint32_t i = 0; i < scene.plan.endpoint_count; i++)
        kinds[share->worker_of[i]][scene.endpoints[i].group]++;
    for (int worker = 0; worker < 3; worker++) {
        assert_in_range(kinds[worker][0], CALLS / 3, CALLS / 3 + 1);
        assert_in_range(kinds[worker][2], ALONE / 3, ALONE / 3 + 1);
        all += share->counts[worker];
    }
    assert_int_equal(all, scene.plan.endpoint_count);
    arena_free(scene.arena);
}

static void early_and_late_ones_are_dealt_to_all(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene);
    const struct share *share = share_new(&scene.plan, 2, scene.arena);
    for (uint32_t i = 0; i + 1 < CALLS; i++)
        assert_int_not_equal(share->worker_of[i], share->worker_of[i + 1]);
    arena_free(scene.arena);
}

static void callers_of_one_callee_are_where_it_is(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene);
    for (uint32_t i = 0; i < CALLS; i++)
        scene.endpoints[CALLS + i].partner = i / 2;
    for (uint32_t i = 0; i < CALLS; i++)
        scene.endpoints[i].partner = i < CALLS / 2 ? CALLS + 2 * i : ROSTER_NONE;
    const struct share *share = share_new(&scene.plan, 4, scene.arena);
    for (uint32_t i = 0; i < CALLS; i++)
        assert_int_equal(share->worker_of[CALLS + i], share->worker_of[i / 2]);
    arena_free(scene.arena);
}

static void there_are_no_more_workers_than_calls(void **state)
{
    (void)state;
    struct scene scene;
    make(&scene);
    assert_int_equal(share_new(&scene.plan, 1000, scene.arena)->workers, CALLS + ALONE);
    scene.plan.endpoint_count = 0;
    assert_int_equal(share_new(&scene.plan, 3, scene.arena)->workers, 1);
    arena_free(scene.arena);
}

SPECIFICATION(cmocka_unit_test(both_sides_of_a_call_are_with_one_worker),
              cmocka_unit_test(each_worker_gets_as_many_of_every_kind),
              cmocka_unit_test(early_and_late_ones_are_dealt_to_all),
              cmocka_unit_test(callers_of_one_callee_are_where_it_is),
              cmocka_unit_test(there_are_no_more_workers_than_calls))
