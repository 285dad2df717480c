#include "cmtest/topic.h"
#include "cmtest/codec.h"
#include "choice.h"

static void add(struct listing *listing, const struct choice *choice, const char *media)
{
    const struct codec *codec = codec_find(choice->word);
    struct text sdp = {0};
    if (codec) {
        text_add(&sdp, codec->encoding);
        if (codec->clock_rate)
            text_printf(&sdp, "/%u", codec->clock_rate);
        if (codec->channels)
            text_printf(&sdp, "/%u", codec->channels);
        if (codec->payload_type >= 0)
            text_printf(&sdp, " (%d)", codec->payload_type);
    }
    listing_add(listing,
                (const char *const[]){choice->word, media, codec ? text_get(&sdp) : NULL,
                                      choice->later ? CHOICE_LATER_STATUS : NULL, choice->help});
    text_fini(&sdp);
}

static void fill(struct listing *listing)
{
    const struct choice *const *audio = choices_at("groups.audio.codecs.name");
    const struct choice *const *video = choices_at("groups.video.codec");
    for (size_t i = 0; audio && audio[i]; i++)
        add(listing, audio[i], "audio");
    for (size_t i = 0; video && video[i]; i++)
        add(listing, video[i], "video");
}

static const struct listing_column columns[] = {{"name", NULL},   {"media", NULL}, {"sdp", NULL},
                                                {"status", NULL}, {"help", NULL},  {0}};

const struct topic topic_codecs = {
    .name = "codecs",
    .help = "codecs, by the name that a spec gives them",
    .columns = columns,
    .fill = fill,
};
