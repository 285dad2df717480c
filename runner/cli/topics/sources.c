#include "cmtest/topic.h"
#include "choice.h"

static void add_all(struct listing *listing, const char *path, const char *media)
{
    const struct choice *const *choices = choices_at(path);
    for (size_t i = 0; choices && choices[i]; i++)
        listing_add(listing, (const char *const[]){choices[i]->word, media,
                                                   choices[i]->later ? CHOICE_LATER_STATUS : NULL,
                                                   choices[i]->help});
}

static void fill(struct listing *listing)
{
    add_all(listing, "groups.audio.source.name", "audio");
    add_all(listing, "groups.video.source", "video");
}

static const struct listing_column columns[] = {
    {"name", NULL}, {"media", NULL}, {"status", NULL}, {"help", NULL}, {0}};

const struct topic topic_sources = {
    .name = "sources",
    .help = "where the sound and the picture of a call come from",
    .columns = columns,
    .fill = fill,
};
