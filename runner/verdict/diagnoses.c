#include <stddef.h>
#include "cmtest/diagnosis.h"

#define ROW(id) extern const struct diagnosis diagnosis_##id;
#include "diagnoses/table.def"
#undef ROW
#define ROW(id) &diagnosis_##id,
const struct diagnosis *const diagnoses[] = {
#include "diagnoses/table.def"
    NULL};
#undef ROW
