#include "cmtest/topic.h"

#define ROW(id) extern const struct topic topic_##id;
#include "topics/table.def"
#undef ROW
#define ROW(id) &topic_##id,
const struct topic *const topics[] = {
#include "topics/table.def"
    NULL};
#undef ROW
