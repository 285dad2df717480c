#include "support/specification.h"

#include <string.h>
#include "cmtest/metric.h"

static bool find(const char *name, struct metric_key *key)
{
    return metric_key_find(name, strlen(name), key);
}

static void plain_name_is_found(void **state)
{
    struct metric_key key;
    (void)state;
    assert_true(find("calls.success_rate", &key));
    assert_string_equal(key.metric->name, "calls.success_rate");
    assert_int_equal(key.direction, METRIC_PLAIN);
}

static void direction_is_part_of_the_name(void **state)
{
    struct metric_key key;
    (void)state;
    assert_true(find("receive.mos", &key));
    assert_int_equal(key.direction, METRIC_RECEIVE);
    assert_true(find("send.mos", &key));
    assert_int_equal(key.direction, METRIC_SEND);
    assert_false(find("mos", &key));
    assert_false(find("receive.calls.success_rate", &key));
    assert_false(find("send.", &key));
    assert_false(find("", &key));
    assert_false(find("recv.mos", &key));
}

static void only_length_bytes_are_read(void **state)
{
    struct metric_key key;
    (void)state;
    assert_true(metric_key_find("send.mos.p95", 8, &key));
    assert_false(metric_key_find("send.mos.p95", 9, &key));
    assert_false(metric_key_find("send.mos", 7, &key));
}

static void every_row_is_found_by_the_name_it_prints(void **state)
{
    static const unsigned directions[] = {METRIC_PLAIN, METRIC_SEND, METRIC_RECEIVE};
    (void)state;
    for (size_t i = 0; metrics[i]; i++) {
        for (size_t d = 0; d < 3; d++) {
            char name[96];
            struct metric_key key = {metrics[i], directions[d]}, found;
            if (!(metrics[i]->directions & directions[d]))
                continue;
            metric_key_name(&key, name, sizeof(name));
            assert_true(find(name, &found));
            assert_ptr_equal(found.metric, metrics[i]);
            assert_int_equal(found.direction, directions[d]);
        }
    }
}

static void every_row_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; metrics[i]; i++) {
        assert_non_null(metrics[i]->name);
        assert_non_null(metrics[i]->category);
        assert_non_null(metrics[i]->help);
        assert_non_null(metrics[i]->standard);
        assert_non_null(metrics[i]->read);
        assert_int_not_equal(metrics[i]->directions, 0);
        assert_int_equal(metrics[i]->help[strlen(metrics[i]->help) - 1], '.');
        assert_true(metrics[i]->kind != METRIC_RATE || metrics[i]->unit == UNIT_PERCENT);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(metrics[i]->name, metrics[j]->name);
    }
}

static void what_is_better_has_the_sign_of_what_it_measures(void **state)
{
    struct metric_key key;
    (void)state;
    assert_true(find("receive.packet_loss", &key));
    assert_int_equal(key.metric->better, BETTER_LOWER);
    assert_true(find("receive.mos", &key));
    assert_int_equal(key.metric->better, BETTER_HIGHER);
    assert_true(find("calls.success_rate", &key));
    assert_int_equal(key.metric->better, BETTER_HIGHER);
    assert_true(find("receive.packets", &key));
    assert_int_equal(key.metric->better, BETTER_NEITHER);
    for (size_t i = 0; metrics[i]; i++)
        if (metrics[i]->scaled && strstr(metrics[i]->name, "mos"))
            assert_int_equal(metrics[i]->better, BETTER_HIGHER);
}

SPECIFICATION(cmocka_unit_test(plain_name_is_found),
              cmocka_unit_test(direction_is_part_of_the_name),
              cmocka_unit_test(only_length_bytes_are_read),
              cmocka_unit_test(every_row_is_found_by_the_name_it_prints),
              cmocka_unit_test(every_row_is_complete),
              cmocka_unit_test(what_is_better_has_the_sign_of_what_it_measures))
