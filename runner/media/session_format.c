#include "session_format.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "session_said.h"

#define PAYLOAD_DYNAMIC 96
#define PAYLOAD_MAX 127
/* Of digits, beside any codec: there are peers that take no other one. */
#define EVENTS_CLOCK 8000

static bool has_clock(const struct session_local *local, uint32_t clock_rate)
{
    for (size_t i = 0; i < local->codec_count; i++)
        if (local->codecs[i]->kind == CODEC_AUDIO && local->codecs[i]->clock_rate == clock_rate)
            return true;
    return false;
}

static bool is_listed(const struct format *formats, size_t count, const struct codec *codec,
                      uint32_t clock_rate)
{
    for (size_t i = 0; i < count; i++)
        if (formats[i].codec == codec && formats[i].clock_rate == clock_rate)
            return true;
    return false;
}

/* One format for each clock of the speech codecs, in their order (RFC 4733 2.1), and the clock that
 * everybody knows. */
static size_t list_events(const struct session_local *local, size_t index, struct format *formats,
                          size_t count)
{
    for (size_t i = 0; i <= local->codec_count && count < FORMATS_MAX; i++) {
        bool last = i == local->codec_count;
        uint32_t clock_rate = last ? EVENTS_CLOCK : local->codecs[i]->clock_rate;
        if ((last || local->codecs[i]->kind == CODEC_AUDIO) &&
            !is_listed(formats, count, local->codecs[index], clock_rate))
            formats[count++] = (struct format){.codec = local->codecs[index],
                                               .params = &local->params[index],
                                               .clock_rate = clock_rate};
    }
    return count;
}

static void set_numbers(const char *said, struct format *formats, size_t count)
{
    unsigned dynamic = PAYLOAD_DYNAMIC;

    for (size_t i = 0; i < count; i++) {
        const struct codec *codec = formats[i].codec;
        int kept = said_number(said, codec->encoding, formats[i].clock_rate);
        if (kept >= 0) {
            formats[i].number = (uint8_t)kept;
        } else if (codec->payload_type >= 0) {
            formats[i].number = (uint8_t)codec->payload_type;
        } else {
            while (said_has_number(said, dynamic) && dynamic < PAYLOAD_MAX)
                dynamic++;
            formats[i].number = (uint8_t)dynamic++;
        }
    }
}

size_t format_list(const struct session_local *local, struct format *formats)
{
    size_t count = 0;

    for (size_t i = 0; i < local->codec_count && count < FORMATS_MAX; i++) {
        const struct codec *codec = local->codecs[i];
        if (codec->kind == CODEC_EVENTS)
            count = list_events(local, i, formats, count);
        else if (codec->kind == CODEC_AUDIO || has_clock(local, codec->clock_rate))
            formats[count++] = (struct format){
                .codec = codec, .params = &local->params[i], .clock_rate = codec->clock_rate};
    }
    set_numbers(local->said, formats, count);
    return count;
}

/* ---- the peer's --------------------------------------------------------------------------- */

static bool is_format(const sdp_rtpmap_t *map, const struct format *format)
{
    unsigned channels = format->codec->channels;

    if (map->rm_any || !map->rm_encoding || map->rm_rate != format->clock_rate ||
        strcasecmp(map->rm_encoding, format->codec->encoding) != 0)
        return false;
    if (channels)
        return map->rm_params && strtoul(map->rm_params, NULL, 10) == channels;
    return !map->rm_params || strcmp(map->rm_params, "1") == 0;
}

/* The peer's first format that is one of ours of that kind and, unless it is 0, clock. */
static const struct format *choose(const struct format *formats, size_t count, const sdp_media_t *m,
                                   enum codec_kind kind, uint32_t clock_rate,
                                   const sdp_rtpmap_t **chosen)
{
    for (const sdp_rtpmap_t *map = m->m_rtpmaps; map; map = map->rm_next) {
        for (size_t i = 0; i < count; i++) {
            if (formats[i].codec->kind == kind &&
                (!clock_rate || formats[i].clock_rate == clock_rate) &&
                is_format(map, &formats[i])) {
                *chosen = map;
                return &formats[i];
            }
        }
    }
    return NULL;
}

/* A packet time that the peer tells, ms; 0: it does not, or nothing sensible. */
static uint32_t read_time(const sdp_media_t *m, const char *name)
{
    const sdp_attribute_t *attribute = sdp_attribute_find(m->m_attributes, name);
    char *end;

    if (!attribute || !attribute->a_value || *attribute->a_value < '0' || *attribute->a_value > '9')
        return 0;
    errno = 0;
    unsigned long ms = strtoul(attribute->a_value, &end, 10);
    return errno || *end || ms < CODEC_PTIME_MIN_MS || ms > CODEC_PTIME_MAX_MS ? 0 : (uint32_t)ms;
}

static uint32_t packet_time(const sdp_media_t *m, const struct codec *codec)
{
    uint32_t wish = read_time(m, "ptime"), most = read_time(m, "maxptime");

    if (!wish)
        wish = codec->ptime_ms;
    return codec_ptime(codec, most && most < wish ? most : wish);
}

/* Digits ought to have the clock of the speech. Where the peer has them with another one only, as
 * many have it beside Opus, better those than none. */
static void choose_events(const struct format *formats, size_t count, const sdp_media_t *m,
                          struct session_media *media)
{
    const sdp_rtpmap_t *map;
    struct codec_params send;
    const struct format *own =
        choose(formats, count, m, CODEC_EVENTS, media->codec->clock_rate, &map);

    if (!own)
        own = choose(formats, count, m, CODEC_EVENTS, 0, &map);
    if (!own)
        return;
    codec_agree(own->codec, own->params, map->rm_fmtp, 0, &send);
    media->events = send.events;
    media->events_clock_rate = own->clock_rate;
    media->events_payload_type = (uint8_t)map->rm_pt;
    media->receive_events_payload_type = own->number;
}

static void choose_beside(const struct format *formats, size_t count, const sdp_media_t *m,
                          struct session_media *media)
{
    uint32_t clock_rate = media->codec->clock_rate;
    const sdp_rtpmap_t *map;

    choose_events(formats, count, m, media);
    const struct format *own = choose(formats, count, m, CODEC_NOISE, clock_rate, &map);
    if (own) {
        media->noise_payload_type = (uint8_t)map->rm_pt;
        media->receive_noise_payload_type = own->number;
    }
}

static bool is_other(const struct session_media *media, uint8_t number)
{
    for (size_t i = 0; i < media->other_count; i++)
        if (media->others[i].payload_type == number)
            return true;
    return false;
}

bool format_choose(const struct session_local *local, const sdp_media_t *m,
                   struct session_media *media)
{
    struct format formats[FORMATS_MAX];
    size_t count = format_list(local, formats);
    const sdp_rtpmap_t *map;
    const struct format *own = choose(formats, count, m, CODEC_AUDIO, 0, &map);

    if (!own)
        return false;
    media->codec = own->codec;
    media->payload_type = (uint8_t)map->rm_pt;
    media->receive_payload_type = own->number;
    media->ptime_ms = packet_time(m, own->codec);
    codec_agree(own->codec, own->params, map->rm_fmtp, media->ptime_ms, &media->send);
    choose_beside(formats, count, m, media);
    return true;
}

void format_others(const struct session_local *local, const sdp_media_t *m,
                   struct session_media *media)
{
    struct format formats[FORMATS_MAX];
    size_t count = format_list(local, formats);

    for (const sdp_rtpmap_t *map = m->m_rtpmaps; map; map = map->rm_next) {
        for (size_t i = 0; i < count && media->other_count < CODEC_OTHERS_MAX; i++) {
            const struct format *own = &formats[i];
            if (own->codec->kind == CODEC_AUDIO && own->number != media->receive_payload_type &&
                is_format(map, own) && !is_other(media, own->number))
                media->others[media->other_count++] =
                    (struct codec_format){own->codec, own->number};
        }
    }
}

size_t format_answer(const struct session_local *local, const struct session_media *media,
                     struct format *formats)
{
    size_t count = 0;

    for (size_t i = 0; i < local->codec_count; i++) {
        const struct codec *codec = local->codecs[i];
        struct format format = {
            .codec = codec, .params = &local->params[i], .clock_rate = media->codec->clock_rate};
        if (codec == media->codec) {
            format.number = media->payload_type;
            memmove(formats + 1, formats, count * sizeof *formats);
            formats[0] = format;
            count++;
        } else if (codec->kind == CODEC_EVENTS && media->events_payload_type) {
            format.number = media->events_payload_type;
            format.clock_rate = media->events_clock_rate;
            formats[count++] = format;
        } else if (codec->kind == CODEC_NOISE && media->noise_payload_type) {
            format.number = media->noise_payload_type;
            formats[count++] = format;
        }
    }
    return count;
}

/* ---- writing ------------------------------------------------------------------------------ */

void format_write_numbers(const struct format *formats, size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i++)
        text_printf(out, " %u", (unsigned)formats[i].number);
    text_add(out, "\r\n");
}

static void write_fmtp(const struct format *format, struct text *out)
{
    struct text fmtp = {0};

    if (format->params->fmtp)
        text_add(&fmtp, format->params->fmtp);
    else if (format->codec->fmtp_write)
        format->codec->fmtp_write(format->params, &fmtp);
    if (fmtp.length > 0)
        text_printf(out, "a=fmtp:%u %s\r\n", (unsigned)format->number, text_get(&fmtp));
    text_fini(&fmtp);
}

void format_write(const struct format *formats, size_t count, uint32_t ptime_ms, struct text *out)
{
    uint32_t most = 0;

    for (size_t i = 0; i < count; i++) {
        const struct codec *codec = formats[i].codec;
        text_printf(out, "a=rtpmap:%u %s/%u", (unsigned)formats[i].number, codec->encoding,
                    (unsigned)formats[i].clock_rate);
        text_printf(out, codec->channels ? "/%u\r\n" : "\r\n", codec->channels);
        write_fmtp(&formats[i], out);
        if (codec->ptimes && codec_ptime_max(codec) > most)
            most = codec_ptime_max(codec);
    }
    text_printf(out, "a=ptime:%u\r\n", (unsigned)ptime_ms);
    if (most)
        text_printf(out, "a=maxptime:%u\r\n", (unsigned)most);
}
