#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "cmtest/emodel.h"
/* Without holes the size of a struct is that of its members, so none can be forgotten in a hole.
 * Nothing of these structs is given to the program, whose own are not packed. */
#pragma pack(push, 1)
#include "cmtest/event.h"
#pragma pack(pop)
#include "cmtest/event_fields.h"
#include "support/specification.h"

static const size_t sizes[EVENT_KINDS] = {
    [EVENT_PHASE] = sizeof(enum endpoint_phase),
    [EVENT_MESSAGE] = sizeof(struct event_message),
    [EVENT_REGISTRATION] = sizeof(struct event_registration),
    [EVENT_MEDIA] = sizeof(struct event_media),
    [EVENT_RECORDING] = sizeof(struct event_recording),
    [EVENT_CALL] = sizeof(struct event_call),
    [EVENT_ACTION] = sizeof(struct event_action),
    [EVENT_DIGIT] = sizeof(struct event_digit),
    [EVENT_TRACE] = sizeof(struct event_trace),
    [EVENT_OUTCOME] = sizeof(struct event_outcome),
    [EVENT_PACING] = sizeof(struct event_pacing),
    [EVENT_MACHINE] = sizeof(struct event_machine),
    [EVENT_HEALTH] = sizeof(struct event_health),
    [EVENT_STOP] = sizeof(struct event_stop),
    [EVENT_FIGURE] = sizeof(struct event_figure),
    [EVENT_REMOTE] = sizeof(struct event_remote),
};

static void every_byte_of_an_event_is_of_one_of_its_fields(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < EVENT_KINDS; kind++) {
        uint8_t covered[2 * sizeof(struct event)] = {0};
        size_t count, bytes = 0;
        const struct event_field *fields = event_fields((enum event_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            assert_true(fields[i].offset + fields[i].size <= sizeof(covered));
            for (size_t at = 0; at < fields[i].size; at++)
                assert_int_equal(covered[fields[i].offset + at]++, 0);
        }
        for (size_t i = 0; i < count; i++)
            if (fields[i].type == FIELD_BYTES)
                memset(covered + fields[i].length, 1, sizeof(uint32_t));
        for (size_t at = 0; at < sizeof(covered); at++)
            bytes += covered[at];
        if (bytes != sizes[kind])
            fail_msg("%s: its fields are of %zu bytes, its members of %zu",
                     event_kind_name((enum event_kind)kind), bytes, sizes[kind]);
    }
}

SPECIFICATION(cmocka_unit_test(every_byte_of_an_event_is_of_one_of_its_fields))
