#include "cmtest/comparison_page.h"

#include <string.h>

#define ROW(id) extern const struct comparison_format comparison_format_##id;
#include "comparisons/table.def"
#undef ROW
#define ROW(id) &comparison_format_##id,
const struct comparison_format *const comparison_formats[] = {
#include "comparisons/table.def"
    NULL};
#undef ROW

const struct comparison_format *comparison_format_find(const char *name)
{
    for (size_t i = 0; comparison_formats[i]; i++)
        if (strcmp(comparison_formats[i]->name, name) == 0)
            return comparison_formats[i];
    return NULL;
}
