/* What the endpoints of a group send. */
#include "build.h"

#include <string.h>

/* The codec with the fewest samples per second decides. */
static const struct codec *narrowest(const struct plan_group *group)
{
    const struct codec *found = NULL;
    for (size_t i = 0; i < group->codec_count; i++) {
        const struct codec *codec = group->codecs[i];
        if (codec->kind == CODEC_AUDIO && (!found || codec->sample_rate < found->sample_rate))
            found = codec;
    }
    return found;
}

static void check_tone(struct build *build, const struct plan_group *group,
                       const struct audio *audio, struct place place)
{
    const struct codec *codec = narrowest(group);
    if (!codec || audio_fits(audio->frequency_hz, codec->sample_rate))
        return;
    diag_add(build->diag, DIAG_ERROR, "tone-too-high", place, "a lower one, or a wider codec",
             "a tone of %u Hz does not fit into %s, which has %u samples per second: at most %u Hz",
             (unsigned)audio->frequency_hz, codec->name, (unsigned)codec->sample_rate,
             (unsigned)(codec->sample_rate * 45 / 100));
}

static void check_file(struct build *build, const struct audio *audio, struct place place)
{
    struct text why = {0};
    if (!audio->source->check(audio, &why))
        diag_add(build->diag, DIAG_ERROR, "not-audio", place, "wav, flac, ogg or mp3", "%s",
                 text_get(&why));
    text_fini(&why);
}

void build_audio(struct build *build, unsigned index, const struct spec_source *row,
                 struct place place, struct audio *audio)
{
    const struct source *named = source_find(row->name);
    *audio = audio_usual;
    audio->source = named ? named : &source_file;
    audio->frequency_hz = row->frequency ? row->frequency : SOURCE_FREQUENCY_HZ;
    audio->level_dbm0 = row->level;
    audio->path = named ? NULL : build_keep(build, row->name);
    if (audio->source == &source_tone)
        check_tone(build, &build->plan->groups[index], audio, place);
    else if (row->frequency || row->level != SOURCE_LEVEL_DBM0)
        diag_add(build->diag, DIAG_ERROR, "no-tone", place, "remove frequency and level",
                 "only a tone has a frequency and a level, and this is %s",
                 named ? named->name : "a file");
    if (audio->source->check)
        check_file(build, audio, place);
}

static void set_audio(struct build *build, unsigned index, unsigned i, struct audio *audio)
{
    const struct spec_source *row = &build->spec->groups[index].audio.sources[i];
    *audio = audio_usual;
    if (row->name && !spec_faulty(build->spec, "groups[%u].audio.source[%u]", index, i))
        build_audio(build, index, row,
                    spec_place(build->spec, "groups[%u].audio.source[%u]", index, i), audio);
}

void build_sources(struct build *build, unsigned index)
{
    const struct spec_audio *own = &build->spec->groups[index].audio;
    struct plan_group *group = &build->plan->groups[index];
    group->audio_count = own->sources_count ? own->sources_count : 1;
    group->audios = arena_array(build->arena, group->audio_count, sizeof *group->audios);
    group->audios[0] = audio_usual;
    for (unsigned i = 0; i < own->sources_count; i++)
        set_audio(build, index, i, &group->audios[i]);
}
