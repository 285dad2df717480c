#include <string.h>
#include "cmtest/scenario.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct action action_##id;
#include "actions/table.def"
#undef ROW
#define ROW(id) &action_##id,
const struct action *const actions[] = {
#include "actions/table.def"
    NULL};
#undef ROW
#define ROW(id) &action_##id.choice,
const struct choice *const action_choices[] = {
#include "actions/table.def"
    NULL};
#undef ROW

const struct action *action_find(const char *name)
{
    for (size_t i = 0; actions[i]; i++)
        if (strcmp(actions[i]->choice.word, name) == 0)
            return actions[i];
    return NULL;
}
