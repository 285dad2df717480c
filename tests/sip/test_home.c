/* Memory homes of the stack (runner/sip/home.c): whose a piece is, and when it goes. Leaks and what
 * is freed twice are found by the sanitizer. */
#include "support/specification.h"

#include <string.h>

#include <sofia-sip/su_alloc.h>

struct owner {
    su_home_t home[1];
    int *gone;
};

static void count(void *home)
{
    (*((struct owner *)home)->gone)++;
}

static struct owner *owner_new(su_home_t *parent, int *gone)
{
    struct owner *owner = su_home_clone(parent, sizeof *owner);
    owner->gone = gone;
    assert_int_equal(su_home_destructor(owner->home, count), 0);
    return owner;
}

static void pieces_are_of_their_home(void **state)
{
    (void)state;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    char *first = su_alloc(home, 3), *second = su_zalloc(home, 100), *third = su_alloc(home, 3);
    assert_int_equal(second[99], 0);
    assert_true(su_in_home(home, first) && su_in_home(home, second) && su_in_home(home, third));
    assert_false(su_in_home(home, second + 1));
    su_free(home, second);
    assert_false(su_in_home(home, second));
    memcpy(first, "ab", 3);
    char *longer = su_realloc(home, first, 100000);
    assert_string_equal(longer, "ab");
    assert_true(su_in_home(home, longer) && su_in_home(home, third));
    su_home_deinit(home);
    assert_false(su_in_home(home, third));
}

static void a_home_goes_with_its_last_reference(void **state)
{
    (void)state;
    int gone = 0;
    struct owner *owner = owner_new(NULL, &gone);
    assert_non_null(su_alloc(owner->home, 10));
    assert_ptr_equal(su_home_ref(owner->home), owner);
    assert_int_equal(su_home_unref(owner->home), 0);
    assert_int_equal(gone, 0);
    assert_int_equal(su_home_unref(owner->home), 1);
    assert_int_equal(gone, 1);
}

static void a_home_goes_with_the_one_it_is_in(void **state)
{
    (void)state;
    int gone = 0;
    su_home_t *outer = su_home_new(sizeof *outer);
    struct owner *early = owner_new(outer, &gone), *late = owner_new(outer, &gone);
    assert_non_null(su_alloc(late->home, 10));
    assert_ptr_equal(su_home_parent(early->home), outer);
    assert_int_equal(su_home_unref(early->home), 1);
    assert_int_equal(gone, 1);
    assert_int_equal(su_home_unref(outer), 1);
    assert_int_equal(gone, 2);
}

static void what_is_moved_goes_with_its_new_home(void **state)
{
    (void)state;
    int gone = 0;
    su_home_t from[1] = {SU_HOME_INIT(from)}, to[1] = {SU_HOME_INIT(to)};
    char *piece = su_alloc(from, 10);
    struct owner *owner = owner_new(from, &gone);
    assert_int_equal(su_home_move(to, from), 0);
    assert_false(su_in_home(from, piece));
    assert_true(su_in_home(to, piece));
    assert_ptr_equal(su_home_parent(owner->home), to);
    su_home_deinit(from);
    assert_int_equal(gone, 0);
    su_home_deinit(to);
    assert_int_equal(gone, 1);
}

SPECIFICATION(cmocka_unit_test(pieces_are_of_their_home),
              cmocka_unit_test(a_home_goes_with_its_last_reference),
              cmocka_unit_test(a_home_goes_with_the_one_it_is_in),
              cmocka_unit_test(what_is_moved_goes_with_its_new_home))
