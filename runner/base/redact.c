#include "redact.h"
#include "cmtest/arena.h"

#include <ctype.h>
#include <string.h>

/* A shorter value is replaced only where it stands alone: "2" is no part of "42". */
#define SHORT_BYTES 4
/* A message may cut a value off; so much of its beginning is still its beginning by intent. */
#define CUT_BYTES 8

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool alone(const char *words, size_t at, size_t length)
{
    return !(at && is_word(words[at - 1])) && !is_word(words[at + length]);
}

/* Length of the longest part of the value, of whole words or cut off late, that stands at the
 * beginning of words. */
static size_t common(const char *words, const char *value)
{
    size_t longest = 0;
    for (const char *from = value; *from; from++) {
        size_t length = 0;
        if (from > value && is_word(from[-1]))
            continue;
        while (from[length] && from[length] == words[length])
            length++;
        if (length < CUT_BYTES)
            while (length && is_word(from[length]) && is_word(from[length - 1]))
                length--;
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* How much of words at a position is the secret, 0: nothing. */
static size_t reach(const struct secret *secret, const char *words, size_t at, bool own_place)
{
    size_t length = strlen(secret->value);
    if (strncmp(words + at, secret->value, length) == 0 &&
        (length >= SHORT_BYTES || alone(words, at, length)))
        return length;
    if (!own_place || (at && is_word(words[at - 1])))
        return 0;
    size_t part = common(words + at, secret->value);
    return part >= SHORT_BYTES ? part : 0;
}

static bool same_place(const struct place *a, const struct place *b)
{
    return a->file && b->file && strcmp(a->file, b->file) == 0 && a->line == b->line &&
           a->column < b->column + b->width && b->column < a->column + a->width;
}

char *redact(const struct secret *secrets, size_t count, const struct place *place,
             const char *words)
{
    struct text out = {0};
    text_add(&out, "");
    for (size_t at = 0; words[at];) {
        const struct secret *found = NULL;
        size_t longest = 0, shown;
        for (size_t i = 0; i < count; i++) {
            /* What is shown for it is no secret: the name of a variable may be its value. */
            shown = strlen(secrets[i].shown);
            if (strncmp(words + at, secrets[i].shown, shown) == 0) {
                found = NULL;
                longest = shown;
                break;
            }
            size_t length = reach(&secrets[i], words, at, same_place(place, &secrets[i].place));
            if (length > longest) {
                longest = length;
                found = &secrets[i];
            }
        }
        if (found)
            text_add(&out, found->shown);
        else
            text_add_bytes(&out, words + at, longest ? longest : 1);
        at += longest ? longest : 1;
    }
    return out.data;
}
