#include "cmtest/execution.h"

#include <string.h>

#define ROW(id) extern const struct execution_backend execution_backend_##id;
#include "backends/table.def"
#undef ROW

#define ROW(id) &execution_backend_##id,
const struct execution_backend *const execution_backends[] = {
#include "backends/table.def"
    NULL};
#undef ROW

const struct execution_backend *execution_backend_find(const char *name)
{
    for (size_t i = 0; execution_backends[i]; i++)
        if (strcmp(execution_backends[i]->name, name) == 0)
            return execution_backends[i];
    return NULL;
}
