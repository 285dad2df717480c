#include "cmtest/plan_report.h"

#include <string.h>

#define ROW(id) extern const struct plan_format plan_format_##id;
#include "plans/table.def"
#undef ROW
#define ROW(id) &plan_format_##id,
const struct plan_format *const plan_formats[] = {
#include "plans/table.def"
    NULL};
#undef ROW

const struct plan_format *plan_format_find(const char *name)
{
    for (size_t i = 0; plan_formats[i]; i++)
        if (strcmp(plan_formats[i]->name, name) == 0)
            return plan_formats[i];
    return NULL;
}
