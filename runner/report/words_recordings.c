#include "words.h"

#include <string.h>

void words_recordings(struct text *out, const struct result *result)
{
    uint32_t written = 0, troubled = 0;
    const char *path = NULL, *trouble = NULL;

    for (uint32_t i = 0; i < result->roster->endpoint_count; i++) {
        const struct event_recording *recording = result->endpoints[i].recording;
        if (!recording)
            continue;
        written += recording->path[0] != '\0';
        path = path || !recording->path[0] ? path : recording->path;
        troubled += recording->trouble[0] != '\0';
        trouble = trouble || !recording->trouble[0] ? trouble : recording->trouble;
    }
    if (!written && !troubled)
        return;
    const char *name = path ? strrchr(path, '/') : NULL;
    if (written)
        text_printf(out, "%u WAV file%s", written, written == 1 ? "" : "s");
    else
        text_add(out, "none");
    if (name) {
        text_add(out, " in ");
        text_add_bytes(out, path, (size_t)(name - path));
    }
    if (trouble)
        text_printf(out, "; %u not written, or not to the end: %s", troubled, trouble);
}
