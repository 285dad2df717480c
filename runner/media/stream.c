#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/text.h"
#include "stream_private.h"

/* RFC 3550 6.2: 0.5 to 1.5 of the interval, so that the reports of many streams do not fall
 * together. */
int64_t stream_randomised(struct stream *stream, int64_t interval_ns)
{
    return (int64_t)((double)interval_ns * (0.5 + random_unit(&stream->random)));
}

bool stream_decodes(const struct stream_config *config)
{
    uint32_t one_in = config->decode_one_in ? config->decode_one_in : 1;

    return config->decode == DECODE_FULL ||
           (config->decode == DECODE_SAMPLED && config->number % one_in == 0);
}

static void open_hearing(struct stream *stream)
{
    const struct stream_playout *wanted = &stream->config.playout;
    uint32_t nominal = wanted->nominal_ms ? wanted->nominal_ms : 60;
    uint32_t minimum = wanted->minimum_ms ? wanted->minimum_ms : 20;
    uint32_t maximum = wanted->maximum_ms ? wanted->maximum_ms : 300;
    struct playout_config config = {
        .adaptive = !wanted->fixed,
        .nominal_ns = nominal * INT64_C(1000000),
        .minimum_ns = (minimum < nominal ? minimum : nominal) * INT64_C(1000000),
        .maximum_ns = (maximum > nominal ? maximum : nominal) * INT64_C(1000000),
    };

    hearing_open(&stream->hearing, stream->config.codec, stream->config.ptime_ms, &config,
                 stream_decodes(&stream->config), stream->config.recorder);
}

static void begin_source(struct stream *stream)
{
    struct sender *sender = &stream->sender;

    sender->ssrc = (uint32_t)random_next(&stream->random);
    sender->sequence = (uint16_t)random_next(&stream->random);
    sender->timestamp = (uint32_t)random_next(&stream->random);
    sender->talkspurt = true;
    sender->packets_before = sender->packets;
    sender->bytes_before = sender->bytes;
    peer_view_init(&stream->peer, sender->ssrc, sender->sequence);
}

static void set_step(struct stream *stream)
{
    const struct stream_config *config = &stream->config;

    stream->step = (uint32_t)((uint64_t)config->codec->clock_rate * config->ptime_ms / 1000);
}

size_t stream_bytes(void)
{
    return sizeof(struct stream);
}

struct stream *stream_begin(void *place, const struct stream_config *config, int64_t now_ns)
{
    struct stream *stream = place;

    stream->config = *config;
    text_copy(stream->cname, sizeof stream->cname, config->cname);
    stream->config.cname = stream->cname;
    random_init(&stream->random, config->seed);
    begin_source(stream);
    set_step(stream);
    rtp_receiver_init(&stream->receiver, config->codec->clock_rate);
    order_init(&stream->order);
    arrivals_init(&stream->arrivals);
    open_hearing(stream);
    stream->payload_type_before = -1;
    stream->echo = config->frames ? NULL : echo_new();
    stream->is_read = stream->echo || stream->hearing.listener;
    stream->start.at_ns = now_ns;
    stream->rtcp_due_ns = now_ns + stream_randomised(stream, config->rtcp_interval_ns) / 2;
    return stream;
}

static void fetch(const void *from, const void *to)
{
    for (uintptr_t at = (uintptr_t)from / 64 * 64; at < (uintptr_t)to; at += 64)
        __builtin_prefetch((const void *)at, 1);
}

static void fetch_figures(const struct stream *stream)
{
    fetch(&stream->receiver, &stream->receiver.first_ns);
    fetch(&stream->hearing, &stream->hearing.playout.entries);
    fetch(&stream->order, &stream->order.bursts);
    fetch(&stream->echo, &stream->cname);
    fetch(&stream->config.other_count, stream->config.others);
}

void stream_fetch(const struct stream *stream, bool second)
{
    if (!second) {
        fetch(&stream->sender.ssrc, (const char *)&stream->sender.ssrc + STREAM_HOT);
        return;
    }
    fetch(&stream->noted[stream->notes.count], &stream->noted[stream->notes.count + 1]);
    if (stream->is_read || stream->notes.count == NOTES - 1)
        fetch_figures(stream);
}

struct stream *stream_new(const struct stream_config *config, int64_t now_ns)
{
    return stream_begin(mem_alloc(sizeof(struct stream)), config, now_ns);
}

void stream_end(struct stream *stream)
{
    hearing_close(&stream->hearing);
    arrivals_end(&stream->arrivals);
    stream_drop_tones(stream, true);
    stream_drop_events(stream);
    free(stream->dtmf);
    free(stream->heard);
    echo_free(stream->echo);
}

void stream_free(struct stream *stream)
{
    if (!stream)
        return;
    stream_end(stream);
    free(stream);
}

/* The next payload; false: nothing is sent at this time. */
static bool next_payload(struct stream *stream, struct rtp_packet *packet)
{
    stream_end_play(stream);
    const struct frames *frames = stream->config.frames;

    if (stream->sender.tones && stream_next_tones(stream, packet))
        return packet->payload_length > 0;
    if (!frames)
        return echo_take(stream->echo, &packet->payload, &packet->payload_length);
    uint64_t index = (stream->sender.frame - stream->sender.origin) % frames->count;
    packet->payload = frames->bytes + frames->offsets[index];
    packet->payload_length = frames->offsets[index + 1] - frames->offsets[index];
    return packet->payload_length > 0;
}

/* Sent, or given to whoever sends. */
static size_t leave(struct stream *stream, const struct rtp_packet *packet, bool event,
                    uint8_t *out)
{
    struct sender *sender = &stream->sender;

    sender->sequence++;
    sender->timestamp += stream->step;
    sender->frame++;
    sender->talkspurt = event; /* audio behind events begins anew */
    sender->last_marked = packet->marker && !event;
    sender->last_event = event;
    sender->packets++;
    if (sender->last_marked)
        sender->markers++;
    if (event)
        sender->events++;
    sender->last = (uint16_t)packet->payload_length;
    sender->bytes += sender->last;
    return rtp_write(packet, out, STREAM_PACKET_MAX);
}

size_t stream_send(struct stream *stream, uint8_t *out)
{
    struct sender *sender = &stream->sender;
    struct rtp_packet packet = {
        .marker = sender->talkspurt,
        .payload_type = stream->config.payload_type,
        .sequence = sender->sequence,
        .timestamp = sender->timestamp,
        .ssrc = sender->ssrc,
    };

    struct dtmf_packet event;
    if (stream_next_event(stream, &packet, &event))
        return leave(stream, &packet, true, out);
    if (!next_payload(stream, &packet)) {
        stream_skip(stream, 1);
        return 0;
    }
    return leave(stream, &packet, false, out);
}

void stream_unsent(struct stream *stream)
{
    stream->sender.packets--;
    stream->sender.markers -= stream->sender.last_marked;
    stream->sender.events -= stream->sender.last_event;
    stream->sender.bytes -= stream->sender.last;
}

void stream_skip(struct stream *stream, uint32_t packets)
{
    stream->sender.timestamp += packets * stream->step;
    stream->sender.frame += packets;
    stream->sender.talkspurt = true;
}

void stream_update(struct stream *stream, const struct stream_config *config)
{
    struct stream_config *now = &stream->config;
    uint32_t clock_rate = config->codec->clock_rate;
    bool other_source = now->codec->clock_rate != clock_rate;
    bool other_clock;

    stream_count_notes(stream);
    other_clock = stream->receiver.clock_rate != clock_rate;
    if (other_clock)
        stream->payload_type_before = -1;
    else if (now->receive_payload_type != config->receive_payload_type)
        stream->payload_type_before = now->receive_payload_type;
    /* What waits to be sent back is of the former codec. */
    stream_set_frames(stream, config->frames);
    now->codec = config->codec;
    now->payload_type = config->payload_type;
    now->receive_payload_type = config->receive_payload_type;
    memcpy(now->others, config->others, sizeof now->others);
    now->other_count = config->other_count;
    now->events_payload_type = config->events_payload_type;
    now->noise_payload_type = config->noise_payload_type;
    now->ptime_ms = config->ptime_ms;
    set_step(stream);
    now->send_events_payload_type = config->send_events_payload_type;
    stream_drop_tones(stream, false);
    hearing_change(&stream->hearing, now->codec, now->ptime_ms);
    if (other_source) {
        begin_source(stream);
        /* Those that wait are measured in units of the former clock. */
        stream_drop_events(stream);
    }
    if (other_clock)
        stream_set_clock(stream, clock_rate);
}

/* Sequence numbers and timestamps that began anew say nothing of those before. */
static void follow_restart(struct stream *stream)
{
    if (stream->restarts == stream->receiver.restarts)
        return;
    stream->restarts = stream->receiver.restarts;
    order_restart(&stream->order);
    arrivals_restart(&stream->arrivals);
}

static void place(struct stream *stream, const struct rtp_packet *packet, bool late)
{
    order_put(&stream->order, rtp_receiver_extended(&stream->receiver, packet->sequence), late);
}

static enum rtp_fate take_audio(struct stream *stream, const struct rtp_packet *packet,
                                int64_t arrival_ns)
{
    enum rtp_fate fate = rtp_receiver_packet(&stream->receiver, packet, arrival_ns);
    bool late = false;

    follow_restart(stream);
    if (packet->ssrc != stream->receiver.ssrc)
        return fate; /* the playout believes in each SSRC at once */
    if (packet->payload_type == stream->config.receive_payload_type)
        late = hearing_packet(&stream->hearing, packet, arrival_ns);
    else
        hearing_other(&stream->hearing, packet, arrival_ns);
    if (fate == RTP_STRAY)
        return fate;
    stream->markers += packet->marker && fate == RTP_NEW;
    arrivals_packet(&stream->arrivals, packet->timestamp, stream->receiver.clock_rate, arrival_ns);
    if (fate == RTP_NEW) {
        stream->unheard += late;
        place(stream, packet, late);
    }
    return fate;
}

/* What is no audio of the present codec. */
static enum rtp_fate receive_beside(struct stream *stream, const struct rtp_packet *packet,
                                    int64_t arrival_ns)
{
    enum rtp_fate fate = rtp_receiver_beside(&stream->receiver, packet, arrival_ns);

    follow_restart(stream);
    if (packet->ssrc == stream->receiver.ssrc)
        hearing_other(&stream->hearing, packet, arrival_ns);
    if (fate == RTP_NEW)
        place(stream, packet, false);
    return fate;
}

static enum rtp_fate take_beside(struct stream *stream, const struct rtp_packet *packet,
                                 int64_t arrival_ns)
{
    enum rtp_fate fate = receive_beside(stream, packet, arrival_ns);
    struct dtmf_received ended;

    if (fate != RTP_NEW)
        return fate;
    if (packet->payload_type == stream->config.noise_payload_type) {
        stream->noise++;
        return fate;
    }
    stream->events++;
    if (!stream->dtmf) {
        stream->dtmf = mem_alloc(sizeof *stream->dtmf);
        dtmf_receiver_init(stream->dtmf);
    }
    if (dtmf_receive(stream->dtmf, packet->payload, packet->payload_length, packet->timestamp,
                     packet->ssrc, packet->marker, arrival_ns, &ended))
        stream_digit_ended(stream, &ended);
    return fate;
}

void stream_take(struct stream *stream, const struct rtp_packet *packet, size_t length,
                 int64_t arrival_ns)
{
    const struct stream_config *config = &stream->config;
    uint8_t type = packet->payload_type;
    bool overtaken = type != config->receive_payload_type && stream_follow(stream, packet);
    enum rtp_fate fate = RTP_STRAY;

    if (overtaken)
        fate = receive_beside(stream, packet, arrival_ns);
    else if (type == config->receive_payload_type || type == stream->payload_type_before)
        fate = take_audio(stream, packet, arrival_ns);
    else if (type != 0 &&
             (type == config->events_payload_type || type == config->noise_payload_type))
        fate = take_beside(stream, packet, arrival_ns);
    else
        stream->wrong_payload_type++;
    if (fate != RTP_STRAY) {
        stream->wire_bytes += length;
        stream_flowed(stream, arrival_ns);
    }
}

void stream_receive(struct stream *stream, const uint8_t *bytes, size_t length, int64_t arrival_ns)
{
    const struct stream_config *config = &stream->config;
    struct rtp_packet packet;

    if (!rtp_parse(bytes, length, &packet)) {
        stream->malformed++;
        return;
    }
    if (stream_note(stream, &packet, length, arrival_ns))
        return;
    stream_count_notes(stream);
    stream_take(stream, &packet, length, arrival_ns);
    if (stream->echo && packet.payload_type == config->receive_payload_type &&
        packet.ssrc == stream->receiver.ssrc && stream->hearing.codec == config->codec)
        echo_put(stream->echo, packet.payload, packet.payload_length);
}

void stream_stranger(struct stream *stream)
{
    stream->strangers++;
}

void stream_totals(struct stream *stream, struct stream_totals *totals)
{
    const struct rtp_receiver *receiver = &stream->receiver;

    stream_count_notes(stream);
    totals->packets_sent = stream->sender.packets;
    totals->packets_received = rtp_receiver_received(receiver);
    totals->packets_expected = rtp_receiver_expected(receiver);
    totals->packets_lost = rtp_receiver_lost(receiver);
    totals->packets_missing = rtp_receiver_missing(receiver);
    totals->malformed = stream->malformed;
    totals->strangers = stream->strangers;
    totals->wrong_payload_type = stream->wrong_payload_type;
    totals->first_packet_ns = receiver->started ? receiver->first_ns : EVENT_NONE;
}
