/* Packets of a source, one after the other: 2 bytes length, 1 byte milliseconds, the packet. */
#include "fuzz.h"

#include "cmtest/rtp.h"

#include <string.h>

static void receive(struct rtp_receiver *receiver, const uint8_t *bytes, size_t length,
                    int64_t now_ns)
{
    struct rtp_packet packet;
    uint8_t out[2048];
    if (!rtp_parse(bytes, length, &packet))
        return;
    ALWAYS(packet.payload >= bytes && packet.payload + packet.payload_length <= bytes + length);
    ALWAYS(packet.payload_type < 128);
    size_t written = rtp_write(&packet, out, sizeof out);
    ALWAYS(written == 0 || written == RTP_HEADER_BYTES + packet.payload_length);
    rtp_receiver_packet(receiver, &packet, now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rtp_receiver receiver;
    int64_t now_ns = 0;
    rtp_receiver_init(&receiver, 8000);
    while (length >= 3) {
        size_t size = (size_t)bytes[0] << 8 | bytes[1];
        now_ns += bytes[2] * INT64_C(1000000);
        bytes += 3;
        length -= 3;
        size = size < length ? size : length;
        receive(&receiver, bytes, size, now_ns);
        bytes += size;
        length -= size;
    }
    ALWAYS(rtp_receiver_jitter_ms(&receiver) >= 0);
    (void)rtp_receiver_lost(&receiver);
    (void)rtp_receiver_source_lost(&receiver);
    (void)rtp_receiver_highest(&receiver);
    (void)rtp_receiver_fraction(&receiver);
    return 0;
}
