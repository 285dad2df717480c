#include "paths.h"
#include "cmtest/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SPEC_BYTES_MAX (1024 * 1024)

static bool add(struct paths *paths, const char *path)
{
    for (size_t i = 0; i < paths->count; i++)
        if (strcmp(paths->items[i], path) == 0)
            return true;
    if (paths->count == PATHS_MAX) {
        fprintf(stderr, "cmtest: at most %d specs at once\n", PATHS_MAX);
        return false;
    }
    paths->items[paths->count++] = path;
    return true;
}

static int is_yaml(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && end &&
           (strcmp(end, ".yaml") == 0 || strcmp(end, ".yml") == 0);
}

/* What cannot be read is a spec: then its own error says so. */
static bool is_spec(const char *path)
{
    size_t length;
    const char *why;
    char *bytes = text_read_file(path, SPEC_BYTES_MAX, &length, &why);
    bool found = !bytes || strncmp(bytes, "cmtest:", 7) == 0 || strstr(bytes, "\ncmtest:") ||
                 strstr(bytes, "\n\"cmtest\":");
    free(bytes);
    return found;
}

static bool add_folder(struct paths *paths, const char *folder, struct arena *arena)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_yaml, alphasort);
    size_t before = paths->count;
    bool ok = count >= 0;
    if (!ok)
        fprintf(stderr, "cmtest: the folder %s cannot be read: %s\n", folder, strerror(errno));
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(arena, "%.*s/%s", (int)length, folder, entries[i]->d_name);
        free(entries[i]);
        if (ok && !is_spec(path))
            fprintf(stderr,
                    "cmtest: %s is no spec (it has no line \"cmtest: 1\") and is left out\n", path);
        else
            ok = ok && add(paths, path);
    }
    if (count >= 0)
        free(entries);
    if (ok && paths->count == before) {
        fprintf(stderr, "cmtest: the folder %s has no spec (*.yaml, *.yml)\n", folder);
        return false;
    }
    return ok;
}

bool paths_find(char *const *arguments, size_t count, struct arena *arena, struct paths *paths)
{
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        bool folder = stat(arguments[i], &status) == 0 && S_ISDIR(status.st_mode);
        if (!(folder ? add_folder(paths, arguments[i], arena) : add(paths, arguments[i])))
            return false;
    }
    return true;
}
