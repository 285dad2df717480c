#include <math.h>
#include <string.h>
#include "hearing.h"

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

void hearing_open(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms,
                  const struct playout_config *config, bool decoded)
{
    memset(hearing, 0, sizeof *hearing);
    hearing->codec = codec;
    hearing->config = *config;
    hearing->decoder = decoded ? codec_decoder_new(codec) : NULL;
    hearing->ear = decoded ? dtmf_ear_new(codec->sample_rate) : NULL;
    begin_playout(hearing, ptime_ms);
}

void hearing_close(struct hearing *hearing)
{
    playout_end(&hearing->playout);
    codec_decoder_free(hearing->decoder);
    codec_decoder_free(hearing->decoder_before);
    dtmf_ear_free(hearing->ear);
}

void hearing_change(struct hearing *hearing, const struct codec *codec, uint32_t ptime_ms)
{
    bool same_clock = clock_of(codec) == clock_of(hearing->codec);

    if (hearing->decoder && codec != hearing->codec) {
        codec_decoder_free(hearing->decoder_before);
        hearing->decoder_before = hearing->decoder;
        hearing->codec_before = hearing->codec;
        hearing->since_known = false;
        hearing->decoder = codec_decoder_new(codec);
        dtmf_ear_free(hearing->ear);
        hearing->ear = dtmf_ear_new(codec->sample_rate);
    }
    if (codec->sample_rate != hearing->codec->sample_rate) {
        memset(&hearing->level, 0, sizeof hearing->level);
        if (hearing->recorder)
            recorder_end(hearing->recorder,
                         "a codec with another sample rate came into use, so it ends early");
    }
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

    if (units)
        hearing->duration_ms = units * 1e3 / clock_of(codec);
}

bool hearing_packet(struct hearing *hearing, const struct rtp_packet *packet, int64_t arrival_ns)
{
    struct rtp_packet kept = *packet;

    hearing_run(hearing, arrival_ns);
    uint64_t before = playout_refused(&hearing->playout);
    note_duration(hearing, packet);
    if (hearing->decoder_before && !hearing->since_known) {
        hearing->since = packet->sequence;
        hearing->since_known = true;
    }
    if (!hearing->decoder)
        kept.payload = NULL;
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

static void hear(struct hearing *hearing, const int16_t *samples, size_t count)
{
    for (size_t at = 0, some; at < count; at += some) {
        some = block_of(hearing, count - at);
        level_add(&hearing->level, &hearing->floor, samples + at, some);
    }
}

/* samples NULL: silence. */
static void follow_sound(struct hearing *hearing, const int16_t *samples, size_t count,
                         int64_t at_ns)
{
    int64_t rate = hearing->codec->sample_rate;

    for (size_t at = 0, some; at < count; at += some) {
        some = block_of(hearing, count - at);
        sound_hear(&hearing->sound, at_ns + (int64_t)at * INT64_C(1000000000) / rate,
                   (int64_t)some * INT64_C(1000000000) / rate,
                   samples && sound_is_audio(samples + at, some));
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
        if (dtmf_ear_hear(hearing->ear, samples ? samples + at : NULL, some,
                          at_ns + (int64_t)at * INT64_C(1000000000) / rate, &digit) &&
            hearing->heard_count < HEARING_DIGITS)
            hearing->heard[hearing->heard_count++] = digit;
    }
}

bool hearing_digit(struct hearing *hearing, struct dtmf_heard *digit)
{
    if (!hearing->heard_count)
        return false;
    *digit = hearing->heard[0];
    hearing->heard_count--;
    memmove(hearing->heard, hearing->heard + 1, hearing->heard_count * sizeof *digit);
    return true;
}

/* Whether that packet came before the codec changed. */
static bool is_before(const struct hearing *hearing, uint16_t sequence)
{
    return hearing->decoder_before &&
           (!hearing->since_known || (uint16_t)(hearing->since - sequence - 1) < 0x8000);
}

/* A pause in what was heard is one in the file, so that its times are those of the call. */
static void fill_pause(struct hearing *hearing, int64_t pause_ns)
{
    static const int16_t silence[480] = {0};
    uint64_t left = (uint64_t)pause_ns / 1000 * hearing->codec->sample_rate / 1000000;

    while (left > 0) {
        size_t part = left < 480 ? (size_t)left : 480;
        if (!recorder_write(hearing->recorder, silence, part))
            return;
        left -= part;
    }
}

static void record(struct hearing *hearing, int64_t due_ns, const int16_t *samples, size_t count)
{
    if (!hearing->recorder || !count || recorder_why(hearing->recorder))
        return;
    int64_t pause_ns = hearing->recorded_ns ? due_ns - hearing->recorded_ns : 0;
    if (pause_ns >= PAUSE_NS)
        fill_pause(hearing, pause_ns);
    else
        pause_ns = 0;
    (void)recorder_write(hearing->recorder, samples, count);
    if (!hearing->recorded_ns)
        hearing->recorded_ns = due_ns;
    hearing->recorded_ns +=
        pause_ns + (int64_t)(count * UINT64_C(1000000000) / hearing->codec->sample_rate);
}

static void play(struct hearing *hearing, enum playout_what what, const struct playout_event *event)
{
    int16_t samples[CODEC_SAMPLES_MAX];
    size_t count = 0;

    if (!hearing->decoder)
        return;
    bool before = is_before(hearing, event->sequence);
    const struct codec *codec = before ? hearing->codec_before : hearing->codec;
    struct codec_decoder *decoder = before ? hearing->decoder_before : hearing->decoder;
    size_t step = (size_t)((uint64_t)hearing->step * codec->sample_rate / clock_of(codec));
    if (step > CODEC_SAMPLES_MAX)
        step = CODEC_SAMPLES_MAX;
    if (what == PLAYOUT_PACKET) {
        count = codec_decode(decoder, event->payload, event->length, samples);
        hearing->errors += count == 0;
        hearing->decoded_ms += (double)count * 1e3 / codec->sample_rate;
    } else if (what == PLAYOUT_CONCEAL) {
        bool next = before == is_before(hearing, (uint16_t)(event->sequence + 1));
        count = step;
        codec_conceal(decoder, next ? event->next_payload : NULL, next ? event->next_length : 0,
                      samples, count);
    }
    /* A level, a file and an ear for digits are of samples of one rate. */
    if (codec->sample_rate != hearing->codec->sample_rate)
        return;
    hear(hearing, samples, count);
    record(hearing, event->due_ns, samples, count);
    follow_sound(hearing, count ? samples : NULL, count ? count : step, event->due_ns);
    hear_digits(hearing, count ? samples : NULL, count ? count : step, event->due_ns);
}

void hearing_run(struct hearing *hearing, int64_t now_ns)
{
    struct playout_event event;
    enum playout_what what;

    while ((what = playout_get(&hearing->playout, now_ns, &event)) != PLAYOUT_NOTHING)
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
    const struct level *level = &hearing->level;
    double per_ms = hearing->codec->sample_rate / 1e3;

    second_set(second, READING_DECODED_TIME, hearing->decoded_ms);
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
    hearing->decoded_ms = 0;
    hearing->errors = 0;
    hearing->duration_ms = 0;
}
