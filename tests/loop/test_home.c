/* The memory homes of the stack, which are ours (home.h). */
#include "support/specification.h"

#include <string.h>

#include <sofia-sip/su_alloc.h>

static void blocks_are_of_their_home(void **state)
{
    (void)state;
    su_home_t home[1] = {SU_HOME_INIT(home)}, other[1] = {SU_HOME_INIT(other)};
    char *zeroed = su_zalloc(home, 40);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal(zeroed[i], 0);
    char *first = su_alloc(home, 8), *second = su_strdup(home, "said by the library");
    assert_true(su_in_home(home, first) && su_in_home(home, second));
    assert_false(su_in_home(other, first));
    assert_false(su_in_home(home, second + 1));
    su_free(home, first);
    assert_false(su_in_home(home, first));
    assert_string_equal(second, "said by the library");
    assert_non_null(su_alloc(home, 0));
    su_home_deinit(home);
    su_home_deinit(other);
}

static void what_grows_stays_in_its_home(void **state)
{
    (void)state;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    char *before = su_strdup(home, "before"), *grows = su_strdup(home, "grows");
    char *behind = su_strdup(home, "behind");
    grows = su_realloc(home, grows, 100000);
    assert_string_equal(grows, "grows");
    assert_true(su_in_home(home, grows) && su_in_home(home, before) && su_in_home(home, behind));
    su_free(home, before);
    su_free(home, behind);
    assert_null(su_realloc(home, grows, 0));
    assert_false(su_in_home(home, grows));
    su_home_deinit(home);
}

struct counted {
    su_home_t home[1];
    int *count;
};

static void count_down(void *home)
{
    struct counted *counted = home;
    --*counted->count;
}

static struct counted *clone(su_home_t *parent, int *count)
{
    struct counted *made = su_home_clone(parent, sizeof *made);
    assert_null(made->count);
    made->count = count;
    assert_int_equal(su_home_destructor(made->home, count_down), 0);
    assert_ptr_equal(su_home_parent(made->home), parent);
    assert_non_null(su_alloc(made->home, 100));
    ++*count;
    return made;
}

static void a_home_goes_with_its_last_reference_or_its_parent(void **state)
{
    (void)state;
    int count = 0;
    su_home_t *parent = su_home_new(sizeof *parent);
    struct counted *child = clone(parent, &count), *kept = clone(parent, &count);
    clone(kept->home, &count);
    assert_ptr_equal(su_home_ref(child->home), child);
    assert_int_equal(su_home_refcount(child->home), 2);
    assert_int_equal(su_home_unref(child->home), 0);
    assert_int_equal(count, 3);
    assert_int_equal(su_home_unref(child->home), 1);
    assert_int_equal(count, 2);
    assert_int_equal(su_home_unref(parent), 1);
    assert_int_equal(count, 0);
}

static void what_moves_lives_as_long_as_its_new_home(void **state)
{
    (void)state;
    int count = 0;
    su_home_t *from = su_home_new(sizeof *from), to[1] = {SU_HOME_INIT(to)};
    char *moved = su_strdup(from, "moved");
    struct counted *child = clone(from, &count);
    assert_int_equal(su_home_move(to, from), 0);
    assert_false(su_in_home(from, moved));
    su_home_unref(from);
    assert_string_equal(moved, "moved");
    assert_true(su_in_home(to, moved));
    assert_ptr_equal(su_home_parent(child->home), to);
    su_home_deinit(to);
    assert_int_equal(count, 0);
}

/* The lock that is asked for is another one than that of its blocks. */
static void a_home_of_several_threads_is_locked(void **state)
{
    (void)state;
    su_home_t *home = su_home_new(sizeof *home);
    assert_false(su_home_is_threadsafe(home));
    assert_int_equal(su_home_threadsafe(home), 0);
    assert_int_equal(su_home_lock(home), 0);
    assert_int_not_equal(su_home_trylock(home), 0);
    assert_non_null(su_strdup(home, "other lock"));
    assert_int_equal(su_home_unlock(home), 0);
    assert_int_equal(su_home_unref(home), 1);
}

SPECIFICATION(cmocka_unit_test(blocks_are_of_their_home),
              cmocka_unit_test(what_grows_stays_in_its_home),
              cmocka_unit_test(a_home_goes_with_its_last_reference_or_its_parent),
              cmocka_unit_test(what_moves_lives_as_long_as_its_new_home),
              cmocka_unit_test(a_home_of_several_threads_is_locked))
