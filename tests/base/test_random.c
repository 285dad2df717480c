#include "support/specification.h"
#include "cmtest/arena.h"
#include "cmtest/random.h"

#include <string.h>

static void same_seed_gives_the_same_numbers(void **state)
{
    (void)state;
    struct random a, b, c;
    random_init(&a, 7);
    random_init(&b, 7);
    random_init(&c, 8);
    int equal = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t x = random_next(&a);
        assert_true(x == random_next(&b));
        equal += x == random_next(&c);
    }
    assert_int_equal(equal, 0);
}

static void below_stays_below_and_reaches_everything(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 1);
    int seen[5] = {0};
    for (int i = 0; i < 1000; i++)
        seen[random_below(&random, 5)]++;
    for (int i = 0; i < 5; i++)
        assert_in_range(seen[i], 140, 260);
}

static void unit_is_in_zero_to_one(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 3);
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double x = random_unit(&random);
        assert_true(x >= 0 && x < 1);
        sum += x;
    }
    assert_true(sum > 4800 && sum < 5200);
}

static void secrets_are_hexadecimal_and_differ(void **state)
{
    (void)state;
    char a[33], b[33];
    random_secret(a, 32);
    random_secret(b, 32);
    assert_int_equal(strlen(a), 32);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_string_not_equal(a, b);
}

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (size_t size = 0; size < 300000; size = size * 2 + 1) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
    assert_string_equal(arena_printf(arena, "%d-%s", 5, "x"), "5-x");
    assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
    arena_free(arena);
}

SPECIFICATION(cmocka_unit_test(same_seed_gives_the_same_numbers),
              cmocka_unit_test(below_stays_below_and_reaches_everything),
              cmocka_unit_test(unit_is_in_zero_to_one),
              cmocka_unit_test(secrets_are_hexadecimal_and_differ),
              cmocka_unit_test(arena_memory_is_zeroed_and_aligned))
