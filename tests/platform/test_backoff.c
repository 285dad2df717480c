/* How long the client waits before it repeats a request. */
#include "support/specification.h"

#include "backoff.h"
#include "cmtest/platform.h"

#define MS INT64_C(1000000)
#define S (1000 * MS)
/* 2026-11-21T10:00:00Z */
#define NOW (INT64_C(1795255200) * S)

static void pauses_double_and_are_jittered(void **state)
{
    (void)state;
    struct backoff backoff;
    for (uint64_t seed = 0; seed < 50; seed++) {
        backoff_init(&backoff, 500 * MS, seed);
        for (int64_t most = 500 * MS; most <= 8 * S; most *= 2) {
            int64_t pause = backoff_next(&backoff, -1);
            assert_true(pause >= most / 2 && pause <= most);
        }
    }
}

static void two_clients_do_not_come_back_together(void **state)
{
    (void)state;
    struct backoff a, b;
    backoff_init(&a, 500 * MS, 1);
    backoff_init(&b, 500 * MS, 2);
    assert_true(backoff_next(&a, -1) != backoff_next(&b, -1));
    assert_true(backoff_next(&a, 10 * S) != backoff_next(&b, 10 * S));
}

static void the_same_seed_waits_alike(void **state)
{
    (void)state;
    struct backoff a, b;
    backoff_init(&a, 500 * MS, 7);
    backoff_init(&b, 500 * MS, 7);
    for (int i = 0; i < 10; i++)
        assert_true(backoff_next(&a, -1) == backoff_next(&b, -1));
}

static void no_pause_is_longer_than_the_limit(void **state)
{
    (void)state;
    struct backoff backoff;
    backoff_init(&backoff, 500 * MS, 3);
    for (int i = 0; i < 200; i++)
        assert_true(backoff_next(&backoff, -1) <= BACKOFF_MOST_NS);
}

static void a_server_is_left_alone_as_long_as_it_asks(void **state)
{
    (void)state;
    struct backoff backoff;
    backoff_init(&backoff, 500 * MS, 4);
    for (int i = 0; i < 20; i++)
        assert_true(backoff_next(&backoff, 10 * S) >= 10 * S);
    assert_true(backoff_next(&backoff, BACKOFF_ASKED_NS + 1) == -1);
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    (void)state;
    assert_true(platform_retry_after("120", NOW) == 120 * S);
    assert_true(platform_retry_after(" 0\r\n", NOW) == 0);
    assert_true(platform_retry_after("Sat, 21 Nov 2026 10:02:00 GMT", NOW) == 120 * S);
    assert_true(platform_retry_after("Sat, 21 Nov 2026 09:00:00 GMT", NOW) == 0);
    assert_true(platform_retry_after("soon", NOW) == -1);
    assert_true(platform_retry_after("-5", NOW) == -1);
    assert_true(platform_retry_after("", NOW) == -1);
    assert_true(platform_retry_after("99999999999999999999", NOW) > BACKOFF_ASKED_NS);
}

SPECIFICATION(cmocka_unit_test(pauses_double_and_are_jittered),
              cmocka_unit_test(two_clients_do_not_come_back_together),
              cmocka_unit_test(the_same_seed_waits_alike),
              cmocka_unit_test(no_pause_is_longer_than_the_limit),
              cmocka_unit_test(a_server_is_left_alone_as_long_as_it_asks),
              cmocka_unit_test(retry_after_is_seconds_or_a_date))
