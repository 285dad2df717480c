#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "support/specification.h"
#include "cmtest/pool.h"

#define MANY 5000
#define SIZE 1000

static bool is_zero(const unsigned char *bytes)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, SIZE - 1) == 0;
}

/* Over several blocks. */
static void places_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    static unsigned char *places[MANY];
    struct pool *pool = pool_new(SIZE);
    for (unsigned i = 0; i < MANY; i++) {
        places[i] = pool_take(pool);
        assert_true(is_zero(places[i]));
        assert_int_equal((uintptr_t)places[i] % POOL_ALIGN, 0);
        memset(places[i], (int)(1 + i % 251), SIZE);
    }
    for (unsigned i = 0; i < MANY; i++)
        assert_true(places[i][0] == 1 + i % 251 && places[i][SIZE - 1] == 1 + i % 251);
    pool_free(pool);
}

static void what_was_given_back_is_taken_again(void **state)
{
    (void)state;
    struct pool *pool = pool_new(SIZE);
    unsigned char *first = pool_take(pool), *second = pool_take(pool);
    memset(first, 7, SIZE);
    pool_give(pool, first);
    pool_give(pool, NULL);
    unsigned char *third = pool_take(pool);
    assert_ptr_equal(third, first);
    assert_ptr_not_equal(third, second);
    assert_true(is_zero(third));
    pool_give(pool, second);
    pool_free(pool);
    pool_free(NULL);
}

static void blocks_that_others_made_are_used_up_one_after_the_other(void **state)
{
    (void)state;
    size_t few, many;
    struct pool *pool = pool_new(SIZE);
    pool_add(pool, pool_block_new(SIZE, true, &few));
    pool_add(pool, pool_block_new(SIZE, false, &many));
    assert_true(few > 0 && few < many);
    unsigned char *last = pool_take(pool);
    size_t jumps = 0;
    for (size_t i = 1; i < few + many; i++) {
        unsigned char *next = pool_take(pool);
        jumps += next <= last || (size_t)(next - last) >= 2 * SIZE;
        last = next;
    }
    assert_int_equal(jumps, 1);
    pool_block_free(pool_block_new(SIZE, true, &few));
    pool_block_free(NULL);
    pool_free(pool);
}

SPECIFICATION(cmocka_unit_test(places_are_zeroed_aligned_and_apart),
              cmocka_unit_test(what_was_given_back_is_taken_again),
              cmocka_unit_test(blocks_that_others_made_are_used_up_one_after_the_other))
