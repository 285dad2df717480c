#include <math.h>
#include <string.h>
#include "hearing.h"

static uint32_t clock_of(const struct codec *codec)
{
    return codec->clock_rate ? codec->clock_rate : 8000;
}

static void begin_playout(struct hearing *hearing, uint32_t ptime_ms)
{
    uint32_t rate = clock_of(hearing->codec);

    hearing->step = (uint32_t)((uint64_t)rate * ptime_ms / 1000);
    hearing->config.clock_rate = rate;
    hearing->config.packet_step = hearing->step;
    hearing->playout = playout_new(&hearing->config);
    memset(&hearing->before, 0, sizeof hearing->before);
}

void hearing_open(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms,
                  const struct playout_config *config, bool decoded)
{
    memset(hearing, 0, sizeof *hearing);
    hearing->codec = codec;
    hearing->config = *config;
    hearing->decoder = decoded ? codec_decoder_new(codec) : NULL;
    begin_playout(hearing, ptime_ms);
}

void hearing_close(struct hearing *hearing)
{
    playout_free(hearing->playout);
    codec_decoder_free(hearing->decoder);
}

void hearing_change(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms)
{
    bool same_clock = clock_of(codec) == clock_of(hearing->codec);

    if (hearing->decoder && codec != hearing->codec) {
        codec_decoder_free(hearing->decoder);
        hearing->decoder = codec_decoder_new(codec);
    }
    hearing->codec = codec;
    if (same_clock)
        return;
    struct playout_totals totals;
    playout_totals(hearing->playout, &totals);
    hearing->former.discarded += totals.discarded;
    playout_free(hearing->playout);
    begin_playout(hearing, ptime_ms);
}

static uint64_t discarded(const struct hearing *hearing)
{
    struct playout_totals totals;

    playout_totals(hearing->playout, &totals);
    return totals.discarded + totals.overflowed;
}

double hearing_delay_ms(const struct hearing *hearing)
{
    struct playout_totals totals;

    playout_totals(hearing->playout, &totals);
    return totals.delay_ns > 0 ? (double)totals.delay_ns / 1e6 : 0;
}

static void note_duration(struct hearing *hearing, const struct rtp_packet *packet)
{
    const struct codec *codec = hearing->codec;
    uint32_t units = codec->duration ? codec->duration(packet->payload, packet->payload_length) : 0;

    if (units)
        hearing->duration_ms = units * 1e3 / clock_of(codec);
}

bool hearing_packet(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns)
{
    struct rtp_packet kept = *packet;

    hearing_run(hearing, arrival_ns);
    uint64_t before = discarded(hearing);
    note_duration(hearing, packet);
    if (!hearing->decoder)
        kept.payload = NULL;
    playout_put(hearing->playout, &kept, arrival_ns);
    return discarded(hearing) > before;
}

void hearing_other(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns)
{
    hearing_run(hearing, arrival_ns);
    playout_other(hearing->playout, packet);
}

static void hear(struct hearing *hearing, const int16_t *samples, size_t count)
{
    size_t block = hearing->codec->sample_rate / 100;

    for (size_t at = 0; at < count; at += block)
        level_add(&hearing->level, &hearing->floor, samples + at,
                  count - at < block ? count - at : block);
}

static void play(struct hearing *hearing, enum playout_what what, const struct playout_event *event)
{
    int16_t samples[CODEC_SAMPLES_MAX];
    size_t count = 0;

    if (!hearing->decoder)
        return;
    if (what == PLAYOUT_PACKET) {
        count = codec_decode(hearing->decoder, event->payload, event->length, samples);
        hearing->errors += count == 0;
        hearing->decoded += count;
    } else if (what == PLAYOUT_CONCEAL) {
        count = (size_t)((uint64_t)hearing->step * hearing->codec->sample_rate /
                         clock_of(hearing->codec));
        if (count > CODEC_SAMPLES_MAX)
            count = CODEC_SAMPLES_MAX;
        codec_conceal(hearing->decoder, event->next_payload, event->next_length, samples, count);
    }
    hear(hearing, samples, count);
}

void hearing_run(struct hearing *hearing, int64_t now_ns)
{
    struct playout_event event;
    enum playout_what what;

    while ((what = playout_get(hearing->playout, now_ns, &event)) != PLAYOUT_NOTHING)
        play(hearing, what, &event);
}

static void tell_playout(struct hearing *hearing, struct event_second *second)
{
    const struct playout_totals *then = &hearing->before;
    struct playout_totals now;

    playout_totals(hearing->playout, &now);
    second_set(second, READING_PLAYOUT_DELAY, (double)now.delay_ns / 1e6);
    second_set(second, READING_PLAYOUT_TARGET, (double)now.target_ns / 1e6);
    second_set(second, READING_PLAYOUT_WAITING, now.waiting);
    second_set(second, READING_PLAYED, (double)(now.played - then->played));
    second_set(second, READING_LATE, (double)(now.discarded - then->discarded));
    second_set(second, READING_LATE_TOTAL, (double)(hearing->former.discarded + now.discarded));
    second_set(second, READING_OVERFLOWED, (double)(now.overflowed - then->overflowed));
    second_set(second, READING_LEFT_OUT, (double)(now.dropped - then->dropped));
    second_set(second, READING_ADJUSTMENTS, (double)(now.adjustments - then->adjustments));
    second_set(second, READING_CONCEALED, (double)(now.concealed - then->concealed));
    second_set(second, READING_CONCEALMENTS, (double)(now.concealments - then->concealments));
    second_set(second, READING_CONCEALED_TIME,
               (double)(now.concealed - then->concealed) * hearing->step * 1e3 /
                   clock_of(hearing->codec));
    hearing->before = now;
}

static void tell_audio(const struct hearing *hearing, struct event_second *second)
{
    const struct level *level = &hearing->level;
    double per_ms = hearing->codec->sample_rate / 1e3;

    second_set(second, READING_DECODED_TIME, (double)hearing->decoded / per_ms);
    second_set(second, READING_DECODER_ERRORS, hearing->errors);
    if (!level->samples)
        return;
    second_set(second, READING_LEVEL_RMS, level_rms(level));
    second_set(second, READING_LEVEL_PEAK, level_peak(level));
    if (level->signal_samples)
        second_set(second, READING_LEVEL_SIGNAL, level_signal(level));
    if (level->noise_samples)
        second_set(second, READING_LEVEL_NOISE, level_noise(level));
    second_set(second, READING_SILENT_TIME, (double)level->silent / per_ms);
    second_set(second, READING_SILENCE_RATIO, 100 * (double)level->silent / (double)level->samples);
    second_set(second, READING_CLIPPED, (double)level->clipped);
}

void hearing_second(struct hearing *hearing, bool heard, struct event_second *second)
{
    if (heard) {
        tell_playout(hearing, second);
        if (hearing->decoder)
            tell_audio(hearing, second);
        if (hearing->duration_ms > 0)
            second_set(second, READING_PACKET_DURATION, hearing->duration_ms);
    }
    memset(&hearing->level, 0, sizeof hearing->level);
    hearing->decoded = 0;
    hearing->errors = 0;
    hearing->duration_ms = 0;
}
