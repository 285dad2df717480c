#include "cmtest/guide.h"

#include <stddef.h>

#define ROW(id) extern const struct guide guide_##id;
#include "guides/table.def"
#undef ROW
#define ROW(id) &guide_##id,
const struct guide *const guides[] = {
#include "guides/table.def"
    NULL};
#undef ROW
