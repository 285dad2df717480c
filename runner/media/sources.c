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

const struct source *source_find(const char *name)
{
    for (size_t i = 0; sources[i]; i++) {
        if (strcmp(sources[i]->name, name) == 0)
            return sources[i];
    }
    return NULL;
}
