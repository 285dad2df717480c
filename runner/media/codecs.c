#include <string.h>
#include "cmtest/codec.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct codec codec_##id;
#include "codecs/table.def"
#undef ROW
#define ROW(id) &codec_##id,
const struct codec *const codecs[] = {
#include "codecs/table.def"
    NULL};
#undef ROW

const struct codec *codec_find(const char *name)
{
    for (size_t i = 0; codecs[i]; i++) {
        if (strcmp(codecs[i]->name, name) == 0)
            return codecs[i];
    }
    return NULL;
}
