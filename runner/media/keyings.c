#include <string.h>
#include "cmtest/keying.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct keying keying_##id;
#include "keyings/table.def"
#undef ROW
#define ROW(id) &keying_##id,
const struct keying *const keyings[] = {
#include "keyings/table.def"
    NULL};
#undef ROW

const struct keying *keying_find(const char *name)
{
    for (size_t i = 0; keyings[i]; i++) {
        if (strcmp(keyings[i]->name, name) == 0)
            return keyings[i];
    }
    return NULL;
}
