#include <strings.h>
#include "cmtest/suite.h"
#include "cmtest/table.h"

#define ROW(id) extern const struct suite suite_##id;
#include "suites/table.def"
#undef ROW
#define ROW(id) &suite_##id,
const struct suite *const suites[] = {
#include "suites/table.def"
    NULL};
#undef ROW

const struct suite *suite_find(const char *name)
{
    for (size_t i = 0; suites[i]; i++) {
        if (strcasecmp(suites[i]->name, name) == 0)
            return suites[i];
    }
    return NULL;
}

const struct suite *suite_of_profile(unsigned profile)
{
    for (size_t i = 0; suites[i]; i++) {
        if (profile != 0 && suites[i]->profile == profile)
            return suites[i];
    }
    return NULL;
}
