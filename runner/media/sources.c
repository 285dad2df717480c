#include <string.h>
#include "cmtest/source.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct source source_##id;
#include "sources/table.def"
#undef ROW
#define ROW(id) &source_##id,
const struct source *const sources[] = {
#include "sources/table.def"
    NULL};
#undef ROW

const struct audio audio_usual = {
    .source = &source_tone, .frequency_hz = SOURCE_FREQUENCY_HZ, .level_dbm0 = SOURCE_LEVEL_DBM0};

const struct source *source_find(const char *name)
{
    for (size_t i = 0; sources[i]; i++) {
        if (strcmp(sources[i]->name, name) == 0)
            return sources[i];
    }
    return NULL;
}

bool audio_same(const struct audio *a, const struct audio *b)
{
    bool same_path = a->path == b->path || (a->path && b->path && strcmp(a->path, b->path) == 0);

    return a->source == b->source && a->frequency_hz == b->frequency_hz &&
           a->level_dbm0 == b->level_dbm0 && same_path;
}

bool audio_fits(uint32_t frequency_hz, uint32_t rate)
{
    return frequency_hz >= 50 && (uint64_t)frequency_hz * 100 <= (uint64_t)rate * 45;
}
