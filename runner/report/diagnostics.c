#include <string.h>
#include "cmtest/diag_format.h"

#define ROW(id) extern const struct diag_format diag_format_##id;
#include "diagnostics/table.def"
#undef ROW
#define ROW(id) &diag_format_##id,
const struct diag_format *const diag_formats[] = {
#include "diagnostics/table.def"
    NULL};
#undef ROW

const struct diag_format *diag_format_find(const char *name)
{
    for (size_t i = 0; diag_formats[i]; i++)
        if (strcmp(diag_formats[i]->name, name) == 0)
            return diag_formats[i];
    return NULL;
}
