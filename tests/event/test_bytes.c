#include "support/specification.h"

#include "cmtest/event_bytes.h"

#include <stdlib.h>
#include <string.h>

/* Every byte of what its kind uses is set, so that one that is left out is missed. */
static struct event filled(enum event_kind kind)
{
    struct event event;
    memset(&event, 0x5a, sizeof event);
    event.kind = kind;
    event.at_ns = 1234567890123;
    event.endpoint = 77;
    return event;
}

static void a_kind_takes_what_it_uses_and_comes_back(void **state)
{
    (void)state;
    static const struct {
        enum event_kind kind;
        size_t size;
    } kinds[] = {{EVENT_PHASE, sizeof(enum endpoint_phase)},
                 {EVENT_MESSAGE, sizeof(struct event_message)},
                 {EVENT_REGISTRATION, sizeof(struct event_registration)},
                 {EVENT_MEDIA, sizeof(struct event_media)},
                 {EVENT_RECORDING, sizeof(struct event_recording)},
                 {EVENT_CALL, sizeof(struct event_call)},
                 {EVENT_ACTION, sizeof(struct event_action)},
                 {EVENT_DIGIT, sizeof(struct event_digit)},
                 {EVENT_TRACE, sizeof(struct event_trace)},
                 {EVENT_OUTCOME, sizeof(struct event_outcome)},
                 {EVENT_PACING, sizeof(struct event_pacing)},
                 {EVENT_MACHINE, sizeof(struct event_machine)},
                 {EVENT_HEALTH, sizeof(struct event_health)},
                 {EVENT_STOP, sizeof(struct event_stop)}};
    assert_int_equal(sizeof kinds / sizeof kinds[0], EVENT_STOP); /* all but EVENT_SECOND */
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct event event = filled(kinds[i].kind), back;
        uint8_t bytes[EVENT_BYTES_MAX];
        size_t length = event_to_bytes(&event, bytes);
        assert_int_equal(length, offsetof(struct event, phase) + kinds[i].size);
        assert_true(event_from_bytes(bytes, length, &back));
        assert_memory_equal(&event, &back, length);
    }
}

static void of_a_second_only_what_is_known_travels(void **state)
{
    (void)state;
    struct event event = {.at_ns = 5, .endpoint = 3, .kind = EVENT_SECOND}, back;
    uint8_t bytes[EVENT_BYTES_MAX];
    size_t empty = event_to_bytes(&event, bytes);
    event.second.second = 9;
    second_set(&event.second, 0, 1.5);
    second_set(&event.second, READING_COUNT - 1, -2.25);
    size_t length = event_to_bytes(&event, bytes);
    assert_int_equal(length, empty + 2 * sizeof(double));
    assert_true(event_from_bytes(bytes, length, &back));
    assert_memory_equal(&event.second, &back.second, sizeof event.second);
    for (int i = 0; i < READING_COUNT; i++)
        second_set(&event.second, (enum reading)i, i + 0.5);
    length = event_to_bytes(&event, bytes);
    assert_true(length <= EVENT_BYTES_MAX);
    assert_true(event_from_bytes(bytes, length, &back));
    assert_memory_equal(&event.second, &back.second, sizeof event.second);
}

static void bytes_that_are_no_event_are_refused(void **state)
{
    (void)state;
    struct event event = filled(EVENT_OUTCOME), back;
    uint8_t bytes[EVENT_BYTES_MAX];
    size_t length = event_to_bytes(&event, bytes);
    for (size_t i = 0; i < length; i++)
        assert_false(event_from_bytes(bytes, i, &back));
    event.kind = (enum event_kind)999;
    memcpy(bytes, &event, offsetof(struct event, phase));
    assert_false(event_from_bytes(bytes, length, &back));
    struct event second = {.kind = EVENT_SECOND};
    memset(second.second.known, 0xff, sizeof second.second.known);
    memcpy(bytes, &second, sizeof second);
    assert_false(event_from_bytes(bytes, sizeof second, &back));
}

SPECIFICATION(cmocka_unit_test(a_kind_takes_what_it_uses_and_comes_back),
              cmocka_unit_test(of_a_second_only_what_is_known_travels),
              cmocka_unit_test(bytes_that_are_no_event_are_refused))
