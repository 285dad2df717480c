/* Seconds are kept packed, and come out as they went in. */
#include "support/specification.h"
#include <string.h>
#include <stdlib.h>
#include "cmtest/result.h"

static void a_packed_second_comes_out_as_it_went_in(void **state)
{
    struct event event = {.at_ns = 7, .kind = EVENT_SECOND};
    struct result_second packed;
    struct event_second back;
    (void)state;
    event.second.direction = DIRECTION_RECEIVE;
    event.second.agreed = true;
    event.second.second = 3;
    event.second.length_ms = 1000;
    event.second.scale = EMODEL_WIDE;
    event.second.provisional = true;
    for (unsigned i = 0; i < READING_COUNT; i += 2)
        second_set(&event.second, (enum reading)i, i % 3 ? i * 0.25 : 0);
    result_second_pack(&packed, &event);
    result_second_unpack(&packed, &back);
    assert_memory_equal(&back.known, &event.second.known, sizeof back.known);
    assert_memory_equal(&back.value, &event.second.value, sizeof back.value);
    assert_int_equal(back.direction, DIRECTION_RECEIVE);
    assert_int_equal(back.scale, EMODEL_WIDE);
    assert_int_equal(back.second, 3);
    assert_true(back.agreed && back.provisional);
    for (unsigned i = 0; i < READING_COUNT; i++) {
        double value = -1;
        assert_int_equal(result_second_get(&packed, (enum reading)i, &value), i % 2 == 0);
        assert_true(value == (i % 2 ? -1 : event.second.value[i]));
    }
    free(packed.values);
}

static void a_second_without_figures_takes_no_room_for_them(void **state)
{
    struct event event = {.kind = EVENT_SECOND};
    struct result_second packed;
    (void)state;
    second_set(&event.second, READING_PACKETS, 0);
    result_second_pack(&packed, &event);
    assert_null(packed.values);
    assert_false(result_second_heard(&packed));
}

SPECIFICATION(cmocka_unit_test(a_packed_second_comes_out_as_it_went_in),
              cmocka_unit_test(a_second_without_figures_takes_no_room_for_them))
