/* What result.json and summary.json say alike of a run. */
#include "json_endpoint.h"

json_t *json_tried(const struct report_run *run)
{
    json_t *list = json_array();
    for (unsigned i = 0; run->tried && i + 1 < run->attempts; i++)
        json_array_append_new(list, json_text(run->tried[i]));
    return list;
}

json_t *json_limits(const struct result *result)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < result->limit_count; i++) {
        const struct result_limit *limit = &result->limits[i];
        json_array_append_new(
            list, json_pack("{s:o, s:b, s:o, s:o, s:o}", "resource", json_text(limit->resource),
                            "decisive", limit->decisive, "fits",
                            limit->fits ? json_count(limit->fits) : json_null(), "text",
                            json_text(limit->text), "try", json_text(limit->next)));
    }
    return list;
}
