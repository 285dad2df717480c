#include "cases.h"

#include <string.h>

#define NAME_BYTES_MAX 200

const char *case_word(const char *name, size_t index, struct arena *arena)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_.,=+-";
    if (!name || (strlen(name) <= NAME_BYTES_MAX && strspn(name, safe) == strlen(name)))
        return name;
    /* Numbered, since two names may become the same. */
    char *word = arena_strndup(arena, name, NAME_BYTES_MAX);
    for (char *at = word + strspn(word, safe); *at; at += strspn(at, safe))
        *at = '_';
    return arena_printf(arena, "%s-%zu", word, index + 1);
}
