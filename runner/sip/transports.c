#include "cmtest/transport.h"

#include <string.h>

#define ROW(id) extern const struct transport transport_##id;
#include "transports/table.def"
#undef ROW

#define ROW(id) &transport_##id,
const struct transport *const transports[] = {
#include "transports/table.def"
    NULL};
#undef ROW

const struct transport *transport_find(const char *name)
{
    for (size_t i = 0; transports[i]; i++)
        if (strcmp(transports[i]->name, name) == 0)
            return transports[i];
    return NULL;
}
