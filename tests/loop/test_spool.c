#include "support/specification.h"

#include "cmtest/spool.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static bool is_ready(const struct spool *spool)
{
    struct pollfd fd = {.fd = spool_fd(spool), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

static bool put(struct spool *spool, const char *text, bool urgent)
{
    struct spool_part parts[] = {{"<", 1}, {text, strlen(text)}, {">", 1}};
    return spool_put(spool, parts, 3, urgent);
}

static void what_was_put_comes_out_in_order_and_whole(void **state)
{
    (void)state;
    struct spool *spool = spool_new(1000);
    const uint8_t *bytes;
    uint32_t count;
    assert_int_equal(spool_take(spool, &bytes, &count), 0);
    assert_true(put(spool, "one", false) && put(spool, "", false) && put(spool, "two", false));
    assert_int_equal(spool_take(spool, &bytes, &count), 12);
    assert_int_equal(count, 3);
    assert_memory_equal(bytes, "<one><><two>", 12);
    assert_true(put(spool, "three", false));
    assert_int_equal(spool_take(spool, &bytes, &count), 7);
    assert_memory_equal(bytes, "<three>", 7);
    assert_int_equal(spool_take(spool, &bytes, &count), 0);
    spool_free(spool);
}

static void only_what_is_urgent_wakes_who_takes(void **state)
{
    (void)state;
    struct spool *spool = spool_new(1000);
    const uint8_t *bytes;
    uint32_t count;
    put(spool, "later", false);
    assert_false(is_ready(spool));
    put(spool, "now", true);
    assert_true(is_ready(spool));
    assert_int_equal(spool_take(spool, &bytes, &count), 12);
    assert_false(is_ready(spool));
    spool_free(spool);
}

static void what_does_not_fit_is_refused_and_counted(void **state)
{
    (void)state;
    struct spool *spool = spool_new(10);
    const uint8_t *bytes;
    uint32_t count;
    assert_true(put(spool, "12345678", false));
    assert_false(put(spool, "", false));
    assert_false(put(spool, "x", false));
    assert_int_equal(spool_refused(spool), 2);
    /* What cannot be done without goes beyond. */
    assert_true(put(spool, "!", true));
    assert_int_equal(spool_take(spool, &bytes, &count), 13);
    assert_true(put(spool, "x", false));
    assert_int_equal(spool_refused(spool), 2);
    spool_free(spool);
}

#define THREADS 4
#define TIMES 5000

static void *put_many(void *arg)
{
    struct spool *spool = arg;
    for (int i = 0; i < TIMES; i++)
        put(spool, "x", i % 64 == 0);
    return NULL;
}

static void threads_do_not_tear_what_they_put(void **state)
{
    (void)state;
    struct spool *spool = spool_new(1 << 20);
    pthread_t threads[THREADS];
    size_t total = 0;
    const uint8_t *bytes;
    uint32_t count;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, spool), 0);
    while (total < (size_t)3 * THREADS * TIMES) {
        size_t length = spool_take(spool, &bytes, &count);
        assert_int_equal(length, 3 * (size_t)count);
        for (size_t i = 0; i < length; i += 3)
            assert_memory_equal(bytes + i, "<x>", 3);
        total += length;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    spool_free(spool);
}

SPECIFICATION(cmocka_unit_test(what_was_put_comes_out_in_order_and_whole),
              cmocka_unit_test(only_what_is_urgent_wakes_who_takes),
              cmocka_unit_test(what_does_not_fit_is_refused_and_counted),
              cmocka_unit_test(threads_do_not_tear_what_they_put))
