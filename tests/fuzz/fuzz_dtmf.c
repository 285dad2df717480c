/* The body of an INFO, of either type; and the same bytes as packets of telephone-events, one after
 * the other: 1 byte milliseconds, 1 byte marker (1), source
 * (2) and length (the others), 2 bytes of a step in time, the payload. */
#include "fuzz.h"

#include "cmtest/dtmf.h"

static void check(const struct dtmf_received *ended)
{
    ALWAYS(ended->packets > 0 && ended->ends <= DTMF_ENDS && ended->volume <= 63);
}

static void read_info(const char *type, const uint8_t *bytes, size_t length)
{
    char digit;
    int32_t duration_ms;
    if (!dtmf_info_read(type, (const char *)bytes, length, &digit, &duration_ms))
        return;
    ALWAYS(dtmf_event(digit) >= 0 && duration_ms >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct dtmf_receiver receiver;
    struct dtmf_received ended;
    uint32_t timestamp = 0;
    int64_t now_ns = 0;
    dtmf_receiver_init(&receiver);
    read_info("application/dtmf-relay", bytes, length);
    read_info("application/dtmf", bytes, length);
    while (length >= 4) {
        const uint8_t *head = bytes;
        size_t size = head[1] >> 2;
        bytes += 4;
        length -= 4;
        size = size < length ? size : length;
        now_ns += head[0] * INT64_C(1000000);
        uint32_t step = (uint32_t)head[2] * 256u + head[3]; /* of both signs */
        timestamp += step >= 0x8000u ? step - 0x10000u : step;
        if (dtmf_expire(&receiver, now_ns, 20000000, &ended))
            check(&ended);
        if (dtmf_receive(&receiver, bytes, size, timestamp, head[1] >> 1 & 1, head[1] & 1, now_ns,
                         &ended))
            check(&ended);
        bytes += size;
        length -= size;
    }
    return 0;
}
