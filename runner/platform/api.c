#include "api.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define WORDS_MAX 4

static const struct api_row paths[PATH_COUNT] = {
#define PATH(id, method, template) [id] = {method, template},
#include "api.def"
};

static const char *const names[NAME_COUNT][WORDS_MAX] = {
#define NAME(id, ...) [id] = {__VA_ARGS__},
#include "api.def"
};

static const struct {
    enum platform_status status;
    const char *word;
} statuses[] = {
#define STATUS(id, word) {id, word},
#include "api.def"
};

const struct api_row *api_path(enum api_path path)
{
    return &paths[path];
}

json_t *api_get(const json_t *object, enum api_name name)
{
    for (size_t i = 0; i < WORDS_MAX && names[name][i]; i++) {
        json_t *member = json_object_get(object, names[name][i]);
        if (member && !json_is_null(member))
            return member;
    }
    return NULL;
}

const char *api_word(enum api_name name)
{
    return names[name][0];
}

enum platform_status api_status(const char *word)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (strcasecmp(statuses[i].word, word) == 0)
            return statuses[i].status;
    return RUN_UNKNOWN;
}

bool platform_status_final(enum platform_status status)
{
    return status == RUN_COMPLETED || status == RUN_FAILED || status == RUN_NO_CAPACITY;
}

/* A whole segment is "." or ".." to a URL, whatever its bytes are called. */
static void add_segment(const char *id, struct text *out)
{
    bool dots = id && id[0] && strspn(id, ".") == strlen(id);
    for (const char *at = id ? id : ""; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x80 && (isalnum(byte) || strchr("-_~", byte) || (byte == '.' && !dots)))
            text_add_bytes(out, at, 1);
        else
            text_printf(out, "%%%02X", byte);
    }
}

void api_expand(enum api_path path, const char *project, const char *test, const char *run,
                struct text *out)
{
    for (const char *at = paths[path].template; *at;) {
        size_t length = strcspn(at, "{");
        text_add_bytes(out, at, length);
        at += length;
        if (!*at)
            break;
        add_segment(at[1] == 'p' ? project : at[1] == 't' ? test : run, out);
        at += strlen("{p}");
    }
}
