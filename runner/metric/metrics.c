#include "cmtest/metric.h"

#define ROW(id) extern const struct metric metric_##id;
#include "metrics/table.def"
#undef ROW
#define ROW(id) &metric_##id,
const struct metric *const metrics[] = {
#include "metrics/table.def"
    NULL};
#undef ROW
