/* DTLS handshakes under hostile datagrams, and by several threads. */
#include "dtls_path.h"
#include <pthread.h>

static void hostile_datagrams_do_not_break_a_finished_handshake(void **state)
{
    struct path path;
    uint8_t seeds[8][1500], bytes[1500];
    size_t lengths[8], count = 0, mutated;
    unsigned channel;
    (void)state;
    path_prepare(&path);
    path_open(&path);
    while (!keying_ready(path.a) || !keying_ready(path.b)) {
        struct keying_state *ends[2] = {path.a, path.b};
        for (int i = 0; i < 2; i++) {
            size_t length;
            while ((length = keying_output(ends[i], &channel, bytes, sizeof bytes, 0)) > 0) {
                memcpy(seeds[count % 8], bytes, length);
                lengths[count++ % 8] = length;
                keying_input(ends[!i], 0, bytes, length, 0);
            }
        }
    }
    for (unsigned i = 0; i < MUTATIONS; i++) {
        size_t one = i % (count < 8 ? count : 8);
        uint8_t *hostile = mutate(&path.random, seeds[one], lengths[one], &mutated);
        keying_input(i % 2 ? path.a : path.b, i % 7 == 0, hostile, mutated, 0);
        free(hostile);
    }
    while (keying_output(path.a, &channel, bytes, sizeof bytes, 0) > 0 ||
           keying_output(path.b, &channel, bytes, sizeof bytes, 0) > 0)
        continue;
    assert_null(keying_error(path.a));
    assert_true(keying_totals(path.a)->malformed > 0);
    assert_media(&path, 1);
    path_close(&path);
}

static void hostile_datagrams_during_it_are_survived(void **state)
{
    (void)state;
    for (unsigned run = 0; run < 150; run++) {
        struct path path;
        uint8_t bytes[1500];
        unsigned channel;
        size_t length, mutated;
        path_prepare(&path);
        random_init(&path.random, run);
        path_open(&path);
        for (unsigned i = 0; i < 12; i++) {
            struct keying_state *from = i % 2 ? path.b : path.a, *to = i % 2 ? path.a : path.b;
            while ((length = keying_output(from, &channel, bytes, sizeof bytes, 0)) > 0) {
                uint8_t *hostile = mutate(&path.random, bytes, length, &mutated);
                if (run % 3)
                    keying_input(to, channel, hostile, mutated, 0);
                else
                    keying_input(to, channel, bytes, length, 0);
                keying_input(from, channel, hostile, mutated, 0);
                free(hostile);
            }
        }
        path_close(&path);
    }
}

struct shared {
    struct dtls_identity *ours, *theirs;
};

static void *shake_often(void *argument)
{
    const struct shared *shared = argument;
    uintptr_t ready = 0;
    for (unsigned i = 0; i < 8; i++) {
        struct path path = {.us = towards(shared->ours, shared->theirs, true),
                            .them = towards(shared->theirs, shared->ours, false)};
        random_init(&path.random, i);
        path_open(&path);
        converse(&path);
        ready += keying_ready(path.a) && keying_ready(path.b);
        keying_free(path.a);
        keying_free(path.b);
    }
    return (void *)ready;
}

static void threads_share_a_certificate_and_nothing_else(void **state)
{
    struct shared shared = {identity(), identity()};
    pthread_t threads[3];
    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, shake_often, &shared), 0);
    for (size_t i = 0; i < 3; i++) {
        void *ready;
        assert_int_equal(pthread_join(threads[i], &ready), 0);
        assert_int_equal((uintptr_t)ready, 8);
    }
    dtls_identity_free(shared.ours);
    dtls_identity_free(shared.theirs);
}

SPECIFICATION(cmocka_unit_test(hostile_datagrams_do_not_break_a_finished_handshake),
              cmocka_unit_test(hostile_datagrams_during_it_are_survived),
              cmocka_unit_test(threads_share_a_certificate_and_nothing_else))
