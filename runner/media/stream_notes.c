/* Packets that came and wait to be counted. What a packet changes lies in many places, of each of
 * thousands of streams, and fetching it costs more than the counting: so it is done for several at
 * a time. Whoever looks at the figures of what was received has them counted before. */
#include "stream_private.h"

/* RFC 3550: of another source, or much before or behind the first one, it begins a row of its own.
 */
static bool fits(const struct notes *notes, const struct rtp_packet *packet, int64_t arrival_ns)
{
    return !notes->count || (packet->ssrc == notes->ssrc && arrival_ns >= notes->first_ns &&
                             arrival_ns - notes->first_ns <= UINT32_MAX);
}

/* Whether it may wait: its payload is not needed, and it is no news that its arrival is. */
static bool may_wait(const struct stream *stream, const struct rtp_packet *packet, size_t length,
                     int64_t arrival_ns)
{
    return stream->flows && !stream->is_read &&
           packet->payload_type == stream->config.receive_payload_type &&
           length == packet->payload_length + RTP_HEADER_BYTES && length <= UINT16_MAX &&
           arrival_ns - stream->flowing_ns < STREAM_STOPPED_NS;
}

bool stream_note(struct stream *stream, const struct rtp_packet *packet, size_t length,
                 int64_t arrival_ns)
{
    struct notes *notes = &stream->notes;

    if (!may_wait(stream, packet, length, arrival_ns))
        return false;
    if (!fits(notes, packet, arrival_ns))
        stream_count_notes(stream);
    if (!notes->count) {
        notes->ssrc = packet->ssrc;
        notes->first_ns = arrival_ns;
    }
    struct note *note = &stream->noted[notes->count++];
    *note = (struct note){.after_ns = (uint32_t)(arrival_ns - notes->first_ns),
                          .timestamp = packet->timestamp,
                          .sequence = packet->sequence,
                          .length = (uint16_t)packet->payload_length,
                          .marker = packet->marker};
    for (size_t i = 0; i < sizeof note->begins && i < packet->payload_length; i++)
        note->begins[i] = packet->payload[i];
    if (notes->count == NOTES)
        stream_count_notes(stream);
    return true;
}

void stream_count_notes(struct stream *stream)
{
    struct notes *notes = &stream->notes;
    unsigned count = notes->count;

    notes->count = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct note *note = &stream->noted[i];
        struct rtp_packet packet = {.marker = note->marker,
                                    .payload_type = stream->config.receive_payload_type,
                                    .sequence = note->sequence,
                                    .timestamp = note->timestamp,
                                    .ssrc = notes->ssrc,
                                    .payload = note->begins,
                                    .payload_length = note->length};
        stream_take(stream, &packet, (size_t)note->length + RTP_HEADER_BYTES,
                    notes->first_ns + note->after_ns);
    }
}
