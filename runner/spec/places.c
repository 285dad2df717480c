#include "places.h"

#include <stdlib.h>
#include <string.h>

void places_init(struct places *places, const char *file, struct arena *arena)
{
    *places = (struct places){.arena = arena, .whole = {.file = file}};
}

/* Doubling in an arena wastes at most what is used. */
static void *grow(struct arena *arena, void *old, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return old;
    *capacity = *capacity ? *capacity * 2 : 64;
    void *array = arena_array(arena, *capacity, size);
    if (count)
        memcpy(array, old, count * size);
    return array;
}

void places_add(struct places *places, const char *path, struct place place, int inner)
{
    places->entries = grow(places->arena, places->entries, places->count, &places->capacity,
                           sizeof *places->entries);
    places->entries[places->count++] =
        (struct place_entry){arena_strdup(places->arena, path), place, inner};
}

void places_fault(struct places *places, const char *path)
{
    if (places->fault_count == DIAG_LIMIT)
        return;
    places->faults = grow(places->arena, places->faults, places->fault_count,
                          &places->fault_capacity, sizeof *places->faults);
    places->faults[places->fault_count++] = arena_strdup(places->arena, path);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct place_entry *)a)->path, ((const struct place_entry *)b)->path);
}

void places_sort(struct places *places)
{
    if (places->count)
        qsort(places->entries, places->count, sizeof *places->entries, compare);
}

const struct place_entry *places_find(const struct places *places, const char *path)
{
    struct place_entry wanted = {.path = path};
    if (!places->count)
        return NULL;
    return bsearch(&wanted, places->entries, places->count, sizeof *places->entries, compare);
}

const struct place_entry *places_near(const struct places *places, const char *path)
{
    char shorter[256];
    text_copy(shorter, sizeof shorter, path);
    for (;;) {
        const struct place_entry *entry = places_find(places, shorter);
        if (entry || !*shorter)
            return entry;
        size_t length = strlen(shorter);
        while (length && shorter[length - 1] != '.' && shorter[length - 1] != '[')
            length--;
        shorter[length ? length - 1 : 0] = '\0';
    }
}

static bool within(const char *inner, const char *outer)
{
    size_t length = strlen(outer);
    return strncmp(inner, outer, length) == 0 &&
           (!length || !inner[length] || inner[length] == '.' || inner[length] == '[');
}

bool places_faulty(const struct places *places, const char *path)
{
    for (size_t i = 0; i < places->fault_count; i++)
        if (within(places->faults[i], path) || within(path, places->faults[i]))
            return true;
    return false;
}
