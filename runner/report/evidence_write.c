#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "evidence.h"
#include "pcap.h"

void evidence_pcap(const struct result *result, const struct evidence *call, struct text *out)
{
    struct evidence_steps steps;
    struct pcap pcap;
    pcap_begin(&pcap, out);
    evidence_collect(&steps, result, call);
    for (size_t i = 0; i < steps.count; i++) {
        const struct evidence_step *step = &steps.list[i];
        if (step->bytes && !step->elsewhere && step->bytes->length == step->bytes->total)
            pcap_add(&pcap, step->bytes);
    }
    free(steps.list);
}

static const struct {
    const char *ending;
    void (*write)(const struct result *result, const struct evidence *call, struct text *out);
    bool traced; /* only of calls whose messages were kept */
} kinds[] = {{".txt", evidence_text, false}, {".pcap", evidence_pcap, true}};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

const char *evidence_path(const struct evidence *call, size_t i, struct text *out)
{
    if (i >= KIND_COUNT || (kinds[i].traced && !call->traced))
        return NULL;
    text_clear(out);
    text_printf(out, "%s/%s%s", EVIDENCE_FOLDER, call->name, kinds[i].ending);
    return text_get(out);
}

/* ---- what an earlier run has left ------------------------------------------------------- */

/* "callers-12.txt": as name() in evidence.c makes them. */
static bool is_ours(const char *name)
{
    const char *ending = strrchr(name, '.'), *dash = strrchr(name, '-');
    bool known = false;
    for (size_t i = 0; ending && i < KIND_COUNT; i++)
        known = known || strcmp(ending, kinds[i].ending) == 0;
    if (!known || !dash || dash == name || dash + 1 == ending)
        return false;
    for (const char *at = dash + 1; at < ending; at++)
        if (!isdigit((unsigned char)*at))
            return false;
    return true;
}

/* Else it would be taken for that of this run. */
static void remove_earlier(const char *folder)
{
    DIR *directory = opendir(folder);
    if (!directory)
        return;
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        if (is_ours(entry->d_name))
            unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(folder); /* when nothing else is in there */
}

void evidence_remove(const char *folder)
{
    struct text path = {0};
    text_printf(&path, "%s/%s", folder, EVIDENCE_FOLDER);
    remove_earlier(text_get(&path));
    text_fini(&path);
}

/* ---- what this one leaves --------------------------------------------------------------- */

static bool write_call(const struct result *result, const struct evidence *call, const char *folder,
                       struct text *failed)
{
    struct text file = {0}, path = {0}, bytes = {0};
    bool ok = true;
    for (size_t i = 0; ok && evidence_path(call, i, &file); i++) {
        text_clear(&path);
        text_clear(&bytes);
        text_printf(&path, "%s/%s", folder, text_get(&file));
        kinds[i].write(result, call, &bytes);
        ok = text_write_file(text_get(&path), text_get(&bytes), bytes.length);
    }
    int saved = errno;
    if (!ok) {
        text_clear(failed);
        text_add(failed, text_get(&path));
    }
    text_fini(&file);
    text_fini(&path);
    text_fini(&bytes);
    errno = saved;
    return ok;
}

bool evidence_write(const struct result *result, const char *folder, struct text *failed)
{
    struct evidence_list list;
    struct text path = {0};
    evidence_choose(&list, result);
    evidence_remove(folder);
    text_printf(&path, "%s/%s", folder, EVIDENCE_FOLDER);
    bool ok = list.count == 0 || mkdir(text_get(&path), 0777) == 0 || errno == EEXIST;
    int saved = errno;
    if (!ok) {
        text_clear(failed);
        text_add(failed, text_get(&path));
    }
    for (uint32_t i = 0; ok && i < list.count; i++) {
        ok = write_call(result, &list.calls[i], folder, failed);
        saved = errno;
    }
    text_fini(&path);
    errno = saved;
    return ok;
}
