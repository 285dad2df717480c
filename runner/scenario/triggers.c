#include <string.h>
#include "cmtest/scenario.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct trigger trigger_##id;
#include "triggers/table.def"
#undef ROW
#define ROW(id) &trigger_##id,
const struct trigger *const triggers[] = {
#include "triggers/table.def"
    NULL};
#undef ROW
#define ROW(id) &trigger_##id.choice,
const struct choice *const trigger_choices[] = {
#include "triggers/table.def"
    NULL};
#undef ROW

const struct trigger *trigger_find(const char *name)
{
    for (size_t i = 0; triggers[i]; i++)
        if (strcmp(triggers[i]->choice.word, name) == 0)
            return triggers[i];
    return NULL;
}
