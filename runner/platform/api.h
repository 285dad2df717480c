/* api: the table of the platform's paths and names (api.def) as C. */
#ifndef PLATFORM_API_H
#define PLATFORM_API_H

#include <jansson.h>
#include "cmtest/platform.h"

enum api_path {
#define PATH(id, method, template) id,
#include "api.def"
    PATH_COUNT
};

enum api_name {
#define NAME(id, ...) id,
#include "api.def"
    NAME_COUNT
};

struct api_row {
    const char *method, *template;
};
const struct api_row *api_path(enum api_path path);

/* The member of an object under the first of its names that is there and not null; NULL. */
json_t *api_get(const json_t *object, enum api_name name);
/* The first of its names, for writing. */
const char *api_word(enum api_name name);
/* By its word, in upper or lower case. */
enum platform_status api_status(const char *word);

/* Adds the path with its {.} replaced, percent-encoded. */
void api_expand(enum api_path path, const char *project, const char *test, const char *run,
                struct text *out);

#endif
