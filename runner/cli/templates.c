#include "cmtest/template.h"

#include <stddef.h>

#define ROW(id) extern const struct spec_template template_##id;
#include "templates/table.def"
#undef ROW
#define ROW(id) &template_##id,
const struct spec_template *const templates[] = {
#include "templates/table.def"
    NULL};
#undef ROW
