/* Packets that arrive, one after the other, of 6 bytes: milliseconds; what is heard in between (1),
 * without audio (2), new source (4), marker (8); 2 bytes each of steps in sequence and time. */
#include "fuzz.h"

#include "cmtest/playout.h"

#define HEARD_MAX 100000

static void listen(struct playout *playout, int64_t now_ns)
{
    struct playout_event event;
    uint64_t heard = 0;
    while (playout_get(playout, now_ns, &event) != PLAYOUT_NOTHING)
        ALWAYS(++heard < HEARD_MAX && event.due_ns <= now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct playout *playout = playout_new(&(struct playout_config){.adaptive = length % 2,
                                                                   .nominal_ns = 60000000,
                                                                   .minimum_ns = 20000000,
                                                                   .maximum_ns = 200000000,
                                                                   .clock_rate = 8000});
    struct playout_totals t = {0};
    struct rtp_packet packet = {0};
    int64_t now_ns = 0;
    uint64_t put = 0;
    for (; length >= 6; bytes += 6, length -= 6) {
        now_ns += bytes[0] * INT64_C(1000000);
        packet.sequence = (uint16_t)(packet.sequence + (bytes[2] << 8 | bytes[3]));
        packet.timestamp += (uint32_t)(bytes[4] << 8 | bytes[5]) * 40;
        packet.ssrc += (bytes[1] & 4) != 0;
        packet.marker = bytes[1] & 8;
        packet.payload = bytes;
        packet.payload_length = bytes[0] % 7;
        if (bytes[1] & 1)
            listen(playout, now_ns);
        if (bytes[1] & 2)
            playout_other(playout, &packet);
        else
            playout_put(playout, &packet, now_ns);
        put += !(bytes[1] & 2);
        playout_totals(playout, &t);
        ALWAYS(t.waiting <= PLAYOUT_PACKETS);
    }
    ALWAYS(put ==
           t.played + t.discarded + t.dropped + t.overflowed + t.strays + t.duplicates + t.waiting);
    playout_free(playout);
    return 0;
}
