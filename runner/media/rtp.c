#include <string.h>
#include "cmtest/rtp.h"
#include "bytes.h"

#define RTP_VERSION 2
#define EXTENSION_BYTES 4

bool rtp_parse(const uint8_t *bytes, size_t length, struct rtp_packet *packet)
{
    if (length < RTP_HEADER_BYTES || bytes[0] >> 6 != RTP_VERSION)
        return false;
    size_t header = RTP_HEADER_BYTES + (size_t)(bytes[0] & 15) * 4;
    if (bytes[0] & 0x10) {
        if (length < header + EXTENSION_BYTES)
            return false;
        header += EXTENSION_BYTES + (size_t)bytes_get16(bytes + header + 2) * 4;
    }
    if (length < header)
        return false;
    size_t padding = 0;
    if (bytes[0] & 0x20) {
        padding = bytes[length - 1];
        if (padding == 0 || padding > length - header)
            return false;
    }
    packet->marker = bytes[1] >> 7;
    packet->payload_type = bytes[1] & 0x7f;
    packet->sequence = bytes_get16(bytes + 2);
    packet->timestamp = bytes_get32(bytes + 4);
    packet->ssrc = bytes_get32(bytes + 8);
    packet->payload = bytes + header;
    packet->payload_length = length - header - padding;
    return true;
}

size_t rtp_write(const struct rtp_packet *packet, uint8_t *out, size_t capacity)
{
    if (capacity < RTP_HEADER_BYTES || capacity - RTP_HEADER_BYTES < packet->payload_length)
        return 0;
    out[0] = RTP_VERSION << 6;
    out[1] = (uint8_t)((packet->marker ? 0x80 : 0) | (packet->payload_type & 0x7f));
    bytes_put16(out + 2, packet->sequence);
    bytes_put32(out + 4, packet->timestamp);
    bytes_put32(out + 8, packet->ssrc);
    if (packet->payload_length > 0)
        memcpy(out + RTP_HEADER_BYTES, packet->payload, packet->payload_length);
    return RTP_HEADER_BYTES + packet->payload_length;
}
