#include <string.h>
#include "cmtest/explanation.h"

#define ROW(id) extern const struct explanation explanation_##id;
#include "explanations/table.def"
#undef ROW
#define ROW(id) &explanation_##id,
const struct explanation *const explanations[] = {
#include "explanations/table.def"
    NULL};
#undef ROW

const struct explanation *explanation_find(const char *code)
{
    for (size_t i = 0; explanations[i]; i++)
        if (strcmp(explanations[i]->code, code) == 0)
            return explanations[i];
    return NULL;
}
