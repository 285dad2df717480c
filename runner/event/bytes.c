#include "cmtest/event_bytes.h"

#include <string.h>

#define SIZE(member) sizeof(((struct event *)0)->member)
#define HEAD offsetof(struct event, phase)
#define SECOND_HEAD offsetof(struct event_second, value)

/* By kind, of the union. */
static const size_t sizes[] = {
    [EVENT_PHASE] = SIZE(phase),
    [EVENT_MESSAGE] = SIZE(message),
    [EVENT_REGISTRATION] = SIZE(registration),
    [EVENT_MEDIA] = SIZE(media),
    [EVENT_SECOND] = SECOND_HEAD,
    [EVENT_RECORDING] = SIZE(recording),
    [EVENT_CALL] = SIZE(call),
    [EVENT_ACTION] = SIZE(action),
    [EVENT_DIGIT] = SIZE(digit),
    [EVENT_TRACE] = SIZE(trace),
    [EVENT_OUTCOME] = SIZE(outcome),
    [EVENT_PACING] = SIZE(pacing),
    [EVENT_MACHINE] = SIZE(machine),
    [EVENT_HEALTH] = SIZE(health),
    [EVENT_STOP] = SIZE(stop),
    [EVENT_FIGURE] = SIZE(figure),
    [EVENT_REMOTE] = SIZE(remote),
};
#define KINDS (sizeof sizes / sizeof sizes[0])

static size_t put_values(const struct event_second *second, uint8_t *out)
{
    size_t length = 0;
    for (size_t word = 0; word < READING_WORDS; word++)
        for (uint64_t left = second->known[word]; left; left &= left - 1) {
            size_t reading = word * 64 + (size_t)__builtin_ctzll(left);
            if (reading >= READING_COUNT)
                break;
            memcpy(out + length, &second->value[reading], sizeof(double));
            length += sizeof(double);
        }
    return length;
}

static bool get_values(struct event_second *second, const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    for (size_t word = 0; word < READING_WORDS; word++)
        for (uint64_t left = second->known[word]; left; left &= left - 1) {
            size_t reading = word * 64 + (size_t)__builtin_ctzll(left);
            if (reading >= READING_COUNT || at + sizeof(double) > length)
                return false;
            memcpy(&second->value[reading], bytes + at, sizeof(double));
            at += sizeof(double);
        }
    return at == length;
}

size_t event_to_bytes(const struct event *event, uint8_t out[EVENT_BYTES_MAX])
{
    size_t length = HEAD + sizes[event->kind];
    memcpy(out, event, length);
    if (event->kind == EVENT_SECOND)
        length += put_values(&event->second, out + length);
    return length;
}

bool event_from_bytes(const uint8_t *bytes, size_t length, struct event *event)
{
    memset(event, 0, sizeof *event);
    if (length < HEAD)
        return false;
    memcpy(event, bytes, HEAD);
    if ((unsigned)event->kind >= KINDS || length < HEAD + sizes[event->kind])
        return false;
    memcpy(event, bytes, HEAD + sizes[event->kind]);
    if (event->kind == EVENT_SECOND)
        return get_values(&event->second, bytes + HEAD + SECOND_HEAD, length - HEAD - SECOND_HEAD);
    return length == HEAD + sizes[event->kind];
}
