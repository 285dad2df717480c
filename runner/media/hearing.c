#include "hearing.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"

/* Less is the playout buffer finding its delay. */
#define PAUSE_NS INT64_C(10000000)

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
    playout_init(&hearing->playout, &hearing->config);
    memset(&hearing->before, 0, sizeof hearing->before);
}

static void begin_decoder(struct hearing *hearing)
{
    hearing->listener->decoder = codec_decoder_new(hearing->codec);
    hearing->listener->ear = dtmf_ear_new(hearing->codec->sample_rate);
}

void hearing_open(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms,
                  const struct playout_config *config, bool decoded, struct recorder *recorder)
{
    memset(hearing, 0, sizeof *hearing);
    hearing->codec = codec;
    hearing->config = *config;
    if (decoded) {
        hearing->listener = mem_alloc(sizeof *hearing->listener);
        hearing->listener->recorder = recorder;
        begin_decoder(hearing);
    }
    begin_playout(hearing, ptime_ms);
}

void hearing_close(struct hearing *hearing)
{
    struct listener *listener = hearing->listener;

    playout_end(&hearing->playout);
    if (!listener)
        return;
    codec_decoder_free(listener->decoder);
    codec_decoder_free(listener->decoder_before);
    dtmf_ear_free(listener->ear);
    free(listener);
}

/* What the listener has of the former codec, which is in use until codec is set. */
static void change_codec(struct hearing *hearing, const struct codec *codec)
{
    struct listener *listener = hearing->listener;

    if (codec->sample_rate != hearing->codec->sample_rate) {
        memset(&listener->level, 0, sizeof listener->level);
        if (listener->recorder)
            recorder_end(listener->recorder,
                         "a codec with another sample rate came into use, so it ends early");
    }
    codec_decoder_free(listener->decoder_before);
    listener->decoder_before = listener->decoder;
    listener->codec_before = hearing->codec;
    listener->since_known = false;
    dtmf_ear_free(listener->ear);
    hearing->codec = codec;
    begin_decoder(hearing);
}

void hearing_change(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms)
{
    bool same_clock = clock_of(codec) == clock_of(hearing->codec);

    if (hearing->listener && codec != hearing->codec)
        change_codec(hearing, codec);
    hearing->codec = codec;
    if (same_clock)
        return;
    struct playout_totals totals;
    playout_totals(&hearing->playout, &totals);
    hearing->discarded_before += totals.discarded;
    playout_end(&hearing->playout);
    begin_playout(hearing, ptime_ms);
}

double hearing_delay_ms(const struct hearing *hearing)
{
    struct playout_totals totals;

    playout_totals(&hearing->playout, &totals);
    return totals.delay_ns > 0 ? (double)totals.delay_ns / 1e6 : 0;
}

static void note_duration(struct hearing *hearing, const struct rtp_packet *packet)
{
    const struct codec *codec = hearing->codec;
    uint32_t units = codec->duration ? codec->duration(packet->payload, packet->payload_length) : 0;

    if (!units)
        return;
    hearing->duration = units;
    hearing->per_second = clock_of(codec);
}

bool hearing_packet(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns)
{
    struct rtp_packet kept = *packet;
    struct listener *listener = hearing->listener;

    hearing_run(hearing, arrival_ns);
    uint64_t before = playout_refused(&hearing->playout);
    note_duration(hearing, packet);
    if (!listener)
        kept.payload = NULL;
    else if (listener->decoder_before && !listener->since_known) {
        listener->since = packet->sequence;
        listener->since_known = true;
    }
    playout_put(&hearing->playout, &kept, arrival_ns);
    return playout_refused(&hearing->playout) > before;
}

void hearing_other(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns)
{
    hearing_run(hearing, arrival_ns);
    playout_other(&hearing->playout, packet);
}

/* Blocks of 10 ms. */
static size_t block_of(const struct hearing *hearing, size_t left)
{
    size_t block = hearing->codec->sample_rate / 100;

    return left < block ? left : block;
}

/* samples NULL: silence. */
static void hear(struct hearing *hearing, const int16_t *samples, size_t count, int64_t at_ns)
{
    int64_t rate = hearing->codec->sample_rate;

    for (size_t at = 0, some; at < count; at += some) {
        some = block_of(hearing, count - at);
        bool audio = samples && level_add(&hearing->listener->level, &hearing->listener->floor,
                                          samples + at, some);
        sound_hear(&hearing->listener->sound, at_ns + (int64_t)at * INT64_C(1000000000) / rate,
                   (int64_t)some * INT64_C(1000000000) / rate, audio);
    }
}

/* samples NULL: silence. */
static void hear_digits(struct hearing *hearing, const int16_t *samples, size_t count,
                        int64_t at_ns)
{
    int64_t rate = hearing->codec->sample_rate;
    struct dtmf_heard digit;

    for (size_t at = 0, some; at < count; at += some) {
        some = block_of(hearing, count - at);
        if (dtmf_ear_hear(hearing->listener->ear, samples ? samples + at : NULL, some,
                          at_ns + (int64_t)at * INT64_C(1000000000) / rate, &digit) &&
            hearing->listener->heard_count < HEARING_DIGITS)
            hearing->listener->heard[hearing->listener->heard_count++] = digit;
    }
}

bool hearing_digit(struct hearing *hearing, struct dtmf_heard *digit)
{
    if (!hearing->listener || !hearing->listener->heard_count)
        return false;
    *digit = hearing->listener->heard[0];
    hearing->listener->heard_count--;
    memmove(hearing->listener->heard, hearing->listener->heard + 1,
            hearing->listener->heard_count * sizeof *digit);
    return true;
}

/* Whether that packet came before the codec changed. */
static bool is_before(const struct hearing *hearing, uint16_t sequence)
{
    return hearing->listener->decoder_before &&
           (!hearing->listener->since_known ||
            (uint16_t)(hearing->listener->since - sequence - 1) < 0x8000);
}

/* A pause in what was heard is one in the file, so that its times are those of the call. */
static void fill_pause(struct hearing *hearing, int64_t pause_ns)
{
    static const int16_t silence[480] = {0};
    uint64_t left = (uint64_t)pause_ns / 1000 * hearing->codec->sample_rate / 1000000;

    while (left > 0) {
        size_t part = left < 480 ? (size_t)left : 480;
        if (!recorder_write(hearing->listener->recorder, silence, part))
            return;
        left -= part;
    }
}

static void record(struct hearing *hearing, int64_t due_ns, const int16_t *samples, size_t count)
{
    if (!hearing->listener->recorder || !count || recorder_why(hearing->listener->recorder))
        return;
    int64_t pause_ns = hearing->listener->recorded_ns ? due_ns - hearing->listener->recorded_ns : 0;
    if (pause_ns >= PAUSE_NS)
        fill_pause(hearing, pause_ns);
    else
        pause_ns = 0;
    (void)recorder_write(hearing->listener->recorder, samples, count);
    if (!hearing->listener->recorded_ns)
        hearing->listener->recorded_ns = due_ns;
    hearing->listener->recorded_ns +=
        pause_ns + (int64_t)(count * UINT64_C(1000000000) / hearing->codec->sample_rate);
}

static void play(struct hearing *hearing, enum playout_what what, const struct playout_event *event)
{
    int16_t samples[CODEC_SAMPLES_MAX];
    size_t count = 0;

    bool before = is_before(hearing, event->sequence);
    const struct codec *codec = before ? hearing->listener->codec_before : hearing->codec;
    struct codec_decoder *decoder =
        before ? hearing->listener->decoder_before : hearing->listener->decoder;
    size_t step = (size_t)((uint64_t)hearing->step * codec->sample_rate / clock_of(codec));
    if (step > CODEC_SAMPLES_MAX)
        step = CODEC_SAMPLES_MAX;
    if (what == PLAYOUT_PACKET) {
        count = codec_decode(decoder, event->payload, event->length, samples);
        hearing->listener->errors += count == 0;
        hearing->listener->decoded_ms += (double)count * 1e3 / codec->sample_rate;
    } else if (what == PLAYOUT_CONCEAL) {
        bool next = before == is_before(hearing, (uint16_t)(event->sequence + 1));
        count = step;
        codec_conceal(decoder, next ? event->next_payload : NULL, next ? event->next_length : 0,
                      samples, count);
    }
    /* A level, a file and an ear for digits are of samples of one rate. */
    if (codec->sample_rate != hearing->codec->sample_rate)
        return;
    record(hearing, event->due_ns, samples, count);
    hear(hearing, count ? samples : NULL, count ? count : step, event->due_ns);
    hear_digits(hearing, count ? samples : NULL, count ? count : step, event->due_ns);
}

void hearing_run(struct hearing *hearing, int64_t now_ns)
{
    struct playout_event event;
    enum playout_what what;

    while ((what = playout_get(&hearing->playout, now_ns, &event)) != PLAYOUT_NOTHING)
        if (hearing->listener)
            play(hearing, what, &event);
}

static void tell_playout(struct hearing *hearing, struct event_second *second)
{
    const struct playout_totals *then = &hearing->before;
    struct playout_totals now;

    playout_totals(&hearing->playout, &now);
    second_set(second, READING_PLAYOUT_DELAY, (double)now.delay_ns / 1e6);
    second_set(second, READING_PLAYOUT_TARGET, (double)now.target_ns / 1e6);
    second_set(second, READING_PLAYOUT_WAITING, now.waiting);
    second_set(second, READING_PLAYED, (double)(now.played - then->played));
    second_set(second, READING_LATE, (double)(now.discarded - then->discarded));
    second_set(second, READING_LATE_TOTAL, (double)(hearing->discarded_before + now.discarded));
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
    const struct level *level = &hearing->listener->level;
    double per_ms = hearing->codec->sample_rate / 1e3;

    second_set(second, READING_DECODED_TIME, hearing->listener->decoded_ms);
    second_set(second, READING_DECODER_ERRORS, hearing->listener->errors);
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
        if (hearing->listener)
            tell_audio(hearing, second);
        if (hearing->duration)
            second_set(second, READING_PACKET_DURATION,
                       hearing->duration * 1e3 / hearing->per_second);
    }
    hearing->duration = 0;
    if (!hearing->listener)
        return;
    memset(&hearing->listener->level, 0, sizeof hearing->listener->level);
    hearing->listener->decoded_ms = 0;
    hearing->listener->errors = 0;
}
