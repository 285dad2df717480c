/* Opus (RFC 6716) in RTP (RFC 7587). */
#include <opus.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/arena.h"
#include "cmtest/codec.h"
#include "fmtp.h"

extern const struct codec codec_opus;

#define RATE 48000
#define BIT_RATE 32000
#define BIT_RATE_MIN 6000
#define BIT_RATE_MAX 510000
/* Without an expected loss libopus adds no redundancy, whatever useinbandfec says. */
#define FEC_LOSS_PERCENT 10
/* libopus fills gaps in units of 2.5 ms. */
#define CONCEAL_STEP (RATE / 400)
/* A packet of so few bytes need not be sent (opus_encode). */
#define DTX_BYTES 2

static const uint8_t ptimes[] = {10, 20, 40, 60, 0};

struct encoder {
    OpusEncoder *opus;
    bool stereo, dtx;
};

/* ---- SDP ---------------------------------------------------------------------------------- */

static void set_rate(uint32_t *rate, unsigned long number, unsigned long min, unsigned long max)
{
    if (number >= min && number <= max)
        *rate = (uint32_t)number;
}

static void set_flag(bool *flag, unsigned long number)
{
    if (number <= 1)
        *flag = number == 1;
}

static void fmtp_read(const char *fmtp, struct codec_params *params)
{
    struct fmtp_pair pair;
    unsigned long number;

    while (fmtp_next(&fmtp, &pair)) {
        const char *name = pair.name;
        if (!fmtp_number(pair.value, &number))
            continue;
        if (strcasecmp(name, "maxaveragebitrate") == 0)
            set_rate(&params->max_bitrate, number, BIT_RATE_MIN, BIT_RATE_MAX);
        else if (strcasecmp(name, "maxplaybackrate") == 0)
            set_rate(&params->max_playback_rate, number, 8000, RATE);
        else if (strcasecmp(name, "sprop-maxcapturerate") == 0)
            set_rate(&params->max_capture_rate, number, 8000, RATE);
        else if (strcasecmp(name, "useinbandfec") == 0)
            set_flag(&params->fec, number);
        else if (strcasecmp(name, "usedtx") == 0)
            set_flag(&params->dtx, number);
        else if (strcasecmp(name, "stereo") == 0)
            set_flag(&params->stereo, number);
        else if (strcasecmp(name, "sprop-stereo") == 0)
            set_flag(&params->capture_stereo, number);
        else if (strcasecmp(name, "cbr") == 0)
            set_flag(&params->cbr, number);
    }
}

static void write_number(const char *name, uint32_t number, struct text *out)
{
    if (number)
        text_printf(out, "%s%s=%u", out->length ? ";" : "", name, (unsigned)number);
}

static void fmtp_write(const struct codec_params *params, struct text *out)
{
    struct text list = {0};

    write_number("maxplaybackrate", params->max_playback_rate, &list);
    write_number("sprop-maxcapturerate", params->max_capture_rate, &list);
    write_number("maxaveragebitrate", params->max_bitrate, &list);
    write_number("stereo", params->stereo, &list);
    write_number("sprop-stereo", params->capture_stereo, &list);
    write_number("cbr", params->cbr, &list);
    write_number("useinbandfec", params->fec, &list);
    write_number("usedtx", params->dtx, &list);
    text_add(out, text_get(&list));
    text_fini(&list);
}

/* Rounded down, so that peers cannot make us encode for ever more rates. */
static uint32_t round_bitrate(uint32_t bitrate)
{
    static const uint32_t steps[] = {8000,  12000, 16000, 20000,  24000,  32000,  40000,
                                     48000, 64000, 96000, 128000, 192000, 256000, 510000};
    uint32_t rounded = BIT_RATE_MIN;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && steps[i] <= bitrate; i++)
        rounded = steps[i];
    return rounded;
}

/* The rates of RFC 6716's bandwidths. */
static uint32_t round_rate(uint32_t rate)
{
    return rate >= RATE    ? 0
           : rate >= 24000 ? 24000
           : rate >= 16000 ? 16000
           : rate >= 12000 ? 12000
           : rate          ? 8000
                           : 0;
}

static void agree(const struct codec_params *own, const struct codec_params *peer,
                  struct codec_params *send)
{
    uint32_t rate = peer->max_playback_rate;

    send->bitrate = own->bitrate ? own->bitrate : BIT_RATE;
    if (peer->max_bitrate && peer->max_bitrate < send->bitrate)
        send->bitrate = round_bitrate(peer->max_bitrate);
    if (own->max_capture_rate && (!rate || own->max_capture_rate < rate))
        rate = own->max_capture_rate;
    send->max_playback_rate = round_rate(rate);
    send->fec = peer->fec;
    send->dtx = peer->dtx;
    send->cbr = peer->cbr;
    send->stereo = peer->stereo && own->capture_stereo;
}

/* ---- encoding ----------------------------------------------------------------------------- */

static int bandwidth(uint32_t rate)
{
    switch (rate) {
    case 8000:
        return OPUS_BANDWIDTH_NARROWBAND;
    case 12000:
        return OPUS_BANDWIDTH_MEDIUMBAND;
    case 16000:
        return OPUS_BANDWIDTH_WIDEBAND;
    case 24000:
        return OPUS_BANDWIDTH_SUPERWIDEBAND;
    default:
        return OPUS_BANDWIDTH_FULLBAND;
    }
}

static void *encoder_open(const struct codec_params *params)
{
    struct encoder *encoder = mem_alloc(sizeof *encoder);
    int error;

    encoder->stereo = params->stereo;
    encoder->dtx = params->dtx;
    encoder->opus =
        opus_encoder_create(RATE, params->stereo ? 2 : 1, OPUS_APPLICATION_VOIP, &error);
    if (!encoder->opus)
        abort();
    opus_encoder_ctl(encoder->opus,
                     OPUS_SET_BITRATE((opus_int32)(params->bitrate ? params->bitrate : BIT_RATE)));
    opus_encoder_ctl(encoder->opus, OPUS_SET_VBR(params->cbr ? 0 : 1));
    opus_encoder_ctl(encoder->opus, OPUS_SET_INBAND_FEC(params->fec ? 1 : 0));
    opus_encoder_ctl(encoder->opus, OPUS_SET_PACKET_LOSS_PERC(params->fec ? FEC_LOSS_PERCENT : 0));
    opus_encoder_ctl(encoder->opus, OPUS_SET_DTX(params->dtx ? 1 : 0));
    opus_encoder_ctl(encoder->opus,
                     OPUS_SET_MAX_BANDWIDTH(bandwidth(round_rate(params->max_playback_rate))));
    return encoder;
}

static void encoder_close(void *state)
{
    struct encoder *encoder = state;

    opus_encoder_destroy(encoder->opus);
    free(encoder);
}

static size_t encode(void *state, const int16_t *samples, size_t count, uint8_t *out,
                     size_t capacity)
{
    struct encoder *encoder = state;
    int16_t both[2 * CODEC_SAMPLES_MAX];

    if (count > CODEC_SAMPLES_MAX)
        return 0;
    for (size_t i = 0; encoder->stereo && i < count; i++)
        both[2 * i] = both[2 * i + 1] = samples[i];
    opus_int32 length = opus_encode(encoder->opus, encoder->stereo ? both : samples, (int)count,
                                    out, (opus_int32)capacity);
    if (length < 0 || (encoder->dtx && length <= DTX_BYTES))
        return 0;
    return (size_t)length;
}

/* ---- decoding ----------------------------------------------------------------------------- */

static void *decoder_open(void)
{
    int error;
    OpusDecoder *decoder = opus_decoder_create(RATE, 1, &error);

    if (!decoder)
        abort();
    return decoder;
}

static void decoder_close(void *state)
{
    opus_decoder_destroy(state);
}

static size_t decode(void *state, const uint8_t *bytes, size_t length, int16_t *samples,
                     size_t capacity)
{
    if (length == 0 || length > INT32_MAX)
        return 0;
    int count = opus_decode(state, bytes, (opus_int32)length, samples, (int)capacity, 0);
    return count > 0 ? (size_t)count : 0;
}

static size_t conceal(void *state, const uint8_t *next, size_t next_length, int16_t *samples,
                      size_t count)
{
    int whole = (int)(count - count % CONCEAL_STEP);
    int done = -1;

    if (next && next_length > 0 && next_length <= INT32_MAX)
        done = opus_decode(state, next, (opus_int32)next_length, samples, whole, 1);
    if (done < 0)
        done = opus_decode(state, NULL, 0, samples, whole, 0);
    return done > 0 ? (size_t)done : 0;
}

/* RFC 6716 3.1: of one frame, at 48 kHz, by the five upper bits. */
static uint32_t frame_duration(unsigned config)
{
    static const uint16_t silk[] = {480, 960, 1920, 2880};

    if (config < 12)
        return silk[config & 3];
    if (config < 16)
        return config & 1 ? 960 : 480;
    return 120U << (config & 3);
}

static uint32_t duration(const uint8_t *bytes, size_t length)
{
    uint32_t frames;

    if (length == 0)
        return 0;
    switch (bytes[0] & 3) {
    case 0:
        frames = 1;
        break;
    case 3:
        frames = length > 1 ? bytes[1] & 0x3f : 0;
        break;
    default:
        frames = 2;
        break;
    }
    uint32_t whole = frames * frame_duration(bytes[0] >> 3);
    return whole <= CODEC_SAMPLES_MAX ? whole : 0;
}

/* The ITU has published nothing for Opus. Ie is that of EVS at 48 kbit/s (G.113 Appendix V), Bpl a
 * round value near those of EVS; literature goes from 5 to 38 for Ie. */
#define QUALITY                                                            \
    {                                                                      \
        .scale = EMODEL_FULL, .ie = 10.2, .bpl = 10, .provisional = true,  \
        .from = "no recommendation has Opus; like EVS in G.113 Appendix V" \
    }

const struct codec codec_opus = {
    .name = "opus",
    .encoding = "opus",
    .help = "Opus (RFC 6716, RFC 7587), up to full band",
    .payload_type = -1,
    .clock_rate = RATE,
    .channels = 2,
    .sample_rate = RATE,
    .bit_rate = BIT_RATE,
    .bit_rate_min = BIT_RATE_MIN,
    .bit_rate_max = BIT_RATE_MAX,
    .ptime_ms = 20,
    .ptimes = ptimes,
    .quality = QUALITY,
    .concealed = QUALITY,
    .usual = {.fec = true},
    .fmtp_write = fmtp_write,
    .fmtp_read = fmtp_read,
    .agree = agree,
    .encoder_open = encoder_open,
    .encode = encode,
    .encoder_close = encoder_close,
    .decoder_open = decoder_open,
    .decode = decode,
    .conceal = conceal,
    .decoder_close = decoder_close,
    .duration = duration,
};
